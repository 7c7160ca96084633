import type { CallLinkPreview, KnockAnswer } from '@parley/protocol';
import { useClientSnapshot, useParley } from '@parley/react';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { GuestState } from '../screens/group/snapshots';
import type { CallKind } from '../screens/snapshots';
import { errorText } from '../words/errors';
import { codeOf } from './history';

export type LinkPreview = CallLinkPreview;

/** What is known of a link; `error`: why it could not be asked, in the words of the screen. */
export type LinkLook =
  | { readonly known: 'not yet' }
  | { readonly known: 'over' }
  | { readonly known: 'not to be had'; readonly error: string }
  | { readonly known: 'preview'; readonly preview: LinkPreview };

/** Where a link leads; asked again for whoever signs in meanwhile, and when the connection is back. */
export function useLinkPreview(token: string): { readonly look: LinkLook; readonly retry: () => void } {
  const { links } = useParley();
  const session = useClientSnapshot((client) => client.session);
  const connection = useClientSnapshot((client) => client.connection);
  const [look, setLook] = useState<LinkLook>({ known: 'not yet' });
  const [attempt, setAttempt] = useState(0);
  const failed = useRef(false);
  useEffect(() => {
    failed.current = look.known === 'not to be had';
  });
  useEffect(() => {
    if (connection === 'online' && failed.current) setAttempt((before) => before + 1);
  }, [connection]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt asks anew
  useEffect(() => {
    if (session === 'loading') return;
    let here = true;
    links.preview(token).then(
      (preview) => here && setLook({ known: 'preview', preview }),
      (cause) =>
        here &&
        setLook((before) => {
          // Whoever reads the page goes on with what it says: knocking tells them if that has changed.
          if (before.known === 'preview') return before;
          // Also of a call that is over: its link leads nowhere any more.
          if (STATES[codeOf(cause)] !== undefined) return { known: 'over' };
          return { known: 'not to be had', error: errorText(codeOf(cause)) };
        }),
    );
    return () => {
      here = false;
    };
  }, [links, token, session, attempt]);
  const retry = useCallback(() => {
    setLook({ known: 'not yet' });
    setAttempt((before) => before + 1);
  }, []);
  return { look, retry };
}

/** What the server says to those who knock, in the words of the screen. */
const STATES: Readonly<Record<string, GuestState>> = {
  link_expired: 'expired',
  link_revoked: 'expired',
  not_found: 'expired',
  removed_from_call: 'removed',
  call_locked: 'locked',
  call_full: 'full',
  call_ended: 'ended',
};

/** How often a page says that somebody still waits: three times in the 90 s after which the server takes them to be gone. */
const STILL_HERE_MS = 25_000;

interface Choice {
  readonly muted: boolean;
  readonly camera: boolean;
}

/** The door of a call: one knocks, waits, and goes in. */
export function useDoor(token: string, kind: CallKind, choice: Choice) {
  const client = useParley();
  const connection = useClientSnapshot((snapshot) => snapshot.connection);
  const [state, setState] = useState<GuestState>('open');
  const [knocks, setKnocks] = useState(false);
  // Also while the call that one goes into is not drawn yet.
  const isIn = useClientSnapshot(({ active }) => active !== null);
  const [knocked, setKnocked] = useState<string | null>(null);
  const chosen = useRef(choice);
  const enters = useRef(false);
  useEffect(() => {
    chosen.current = choice;
  });

  const hear = (news: Pick<KnockAnswer, 'status' | 'callId'>) => {
    if (news.status === 'denied') setState('refused');
    else if (news.status === 'admitted' && news.callId !== null) {
      enters.current = true;
      // The team and the channel come with the call.
      client.joinCall(news.callId, { teamId: '', channelId: null, kind, ...chosen.current });
    } else setState('asking');
  };
  const latest = useRef(hear);
  useEffect(() => {
    latest.current = hear;
  });

  const knock = async (name?: string) => {
    setKnocks(true);
    try {
      const answer = await client.links.knock(token, name);
      setKnocked(answer.knockId);
      hear(answer);
    } catch (cause) {
      setState(STATES[codeOf(cause)] ?? 'failed');
    } finally {
      setKnocks(false);
    }
  };

  useEffect(
    () => (knocked === null ? undefined : client.links.onKnock(knocked, (news) => latest.current(news))),
    [client, knocked],
  );
  // What was decided while there was no connection was not heard: the same question again, and now and then, for the server to know
  // that somebody is still there.
  const waits = state === 'asking' && connection === 'online';
  useEffect(() => {
    if (!waits) return;
    let here = true;
    const again = () =>
      client.links.knock(token).then(
        (answer) => {
          if (!here) return;
          // Another knock than one's own: that one was refused while nobody heard of it, and nobody has asked again.
          if (answer.status === 'waiting' && answer.knockId !== knocked) setState('refused');
          else latest.current(answer);
        },
        (cause) => here && setState((before) => STATES[codeOf(cause)] ?? before),
      );
    void again();
    const timer = setInterval(again, STILL_HERE_MS);
    return () => {
      here = false;
      clearInterval(timer);
    };
  }, [client, token, waits, knocked]);
  // Whoever goes away waits no longer; where that is not heard, silence says it.
  const isAsking = state === 'asking';
  useEffect(() => {
    if (!isAsking) return;
    return () => {
      if (!enters.current) void client.links.withdraw(token).catch(() => undefined);
    };
  }, [client, token, isAsking]);
  return { state, busy: knocks || isIn, knock };
}
