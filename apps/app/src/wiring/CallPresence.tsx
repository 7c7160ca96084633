import type { SummaryHeading } from '@parley/domain';
import { useActiveCall, useClientSnapshot, useIncomingCalls } from '@parley/react';
import { usePathname } from 'expo-router';
import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { paths } from '../paths';
import { keepAwake } from '../platform/awake';
import { shake } from '../platform/haptics';
import { pictureInPicture } from '../platform/pictureInPicture';
import { away, noticePermission, showNotice } from '../platform/systemNotices';
import { showTab } from '../platform/tab';
import { Hidden } from '../ui/Hidden';
import { t, useWords } from '../words/words';
import { useCallTitle } from './callTitle';
import { useChannels, usePeople } from './people';
import { placeName } from './placeName';
import { ringNotices } from './ringNotices';
import { incomingItems } from './stage';
import { tabText } from './tabText';
import { useSilence } from './useSilence';

/** What a call does outside of the page: the tab, the system's notices, the screen that stays on, the small window. */
export function CallPresence() {
  const inCall = useClientSnapshot(({ active }) => active !== null);
  const rings = useClientSnapshot(({ incoming }) => incoming.some((call) => call.audible && !call.answering));
  useEffect(() => (inCall ? keepAwake() : undefined), [inCall]);
  const silent = useSilence();
  const shakes = rings && !inCall && silent === null;
  useEffect(() => (shakes ? shake() : undefined), [shakes]);
  return (
    <>
      <Tab />
      <Ended />
      <Notices />
      <SmallWindow />
    </>
  );
}

function Tab() {
  const call = useActiveCall();
  const incoming = useIncomingCalls();
  // The router writes its own title with each page.
  const path = usePathname();
  const since = call?.connectedAt ?? null;
  const minutes = useMinutes(since);
  const name = useCallTitle(call);
  const callers = incoming.filter(({ answering }) => !answering).map(({ ring }) => ring.caller.displayName);
  // The words of the title follow the language.
  useWords();
  const people = usePeople();
  const channels = useChannels();
  const { title, icon } = tabText({
    place: placeName(path, { channels: channels ?? [], people: people ?? [] }),
    rings: callers,
    call: call === null ? null : { name, phase: call.phase },
    minutes,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new page is a reason to write it again.
  useEffect(() => showTab(title, icon), [title, icon, path]);
  // Whoever is signed out in mid-call is in no call any more; the next page writes its own title.
  useEffect(() => () => showTab(t('app.name'), 'usual'), []);
  return null;
}

/** Tells whoever does not look at the call that it is over. On its own page the heading of the summary takes the focus. */
function Ended() {
  const t = useWords();
  const path = usePathname();
  const newest = useClientSnapshot((client) => client.summaries[0] ?? null);
  const known = useRef(newest?.callId);
  const [heading, setHeading] = useState<SummaryHeading | null>(null);
  useEffect(() => {
    if (newest === null || newest.callId === known.current) return;
    known.current = newest.callId;
    setHeading(path.startsWith(paths.call('')) ? null : newest.heading);
  }, [newest, path]);
  return <Hidden live="polite">{heading === null ? '' : t(`summary.${heading}`)}</Hidden>;
}

/** Whole minutes since then; null where there is no such time. */
function useMinutes(since: number | null): number | null {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (since === null) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 5_000);
    return () => clearInterval(timer);
  }, [since]);
  return since === null ? null : Math.max(0, Math.floor((now - since) / 60_000));
}

function Notices() {
  const incoming = useIncomingCalls();
  const silent = useSilence();
  const isAway = useSyncExternalStore(away.onChange, away.isOn, away.isOn);
  const wanted = useMemo(() => {
    const audible = new Map(incoming.map((call) => [call.ring.callId, call.audible]));
    const rings = incomingItems(incoming, silent).map((item) => ({ ...item, audible: audible.get(item.id) === true }));
    return ringNotices({ rings, away: isAway, permission: noticePermission() });
  }, [incoming, isAway, silent]);
  const open = useRef(new Map<string, () => void>());
  useEffect(() => {
    for (const [tag, close] of open.current) {
      if (wanted.some((notice) => notice.tag === tag)) continue;
      close();
      open.current.delete(tag);
    }
    for (const notice of wanted) if (!open.current.has(notice.tag)) open.current.set(notice.tag, showNotice(notice));
  }, [wanted]);
  useEffect(
    () => () => {
      for (const close of open.current.values()) close();
    },
    [],
  );
  return null;
}

function SmallWindow() {
  const stream = useClientSnapshot(
    ({ active }) => active?.people.find((person) => person.videoEnabled && person.stream !== null)?.stream ?? null,
  );
  useEffect(() => pictureInPicture?.show(stream), [stream]);
  useEffect(() => () => pictureInPicture?.show(null), []);
  return null;
}
