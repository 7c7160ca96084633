import type { ActiveCall, PictureWish } from '@parley/client';
import type { Tile } from '@parley/domain';
import { useParley } from '@parley/react';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { SoundState } from '../screens/call/sound';
import { GroupCall } from '../screens/group/GroupCall';
import type { InSight } from '../screens/group/GroupStage';
import type { LinkState } from '../screens/group/LinkActions';
import { useCallTitle } from './callTitle';
import { groupSnapshot } from './groupStage';
import { useGo } from './navigation';
import type { Surroundings } from './stage';
import { useAddable } from './useAddable';
import { useCallControls } from './useCallControls';
import { useCallLink } from './useCallLink';
import type { useDevicesPanel } from './useDevicesPanel';
import { useRoster } from './useRoster';
import { useShared } from './useShared';

interface GroupLiveProps {
  readonly call: ActiveCall;
  readonly around: Surroundings;
  readonly devices: ReturnType<typeof useDevicesPanel>;
  readonly sound: SoundState;
}

/** A group call that runs: its screen, and what is done there. */
export function GroupLive({ call, around, devices, sound }: GroupLiveProps) {
  const { group, stage } = useParley();
  const go = useGo();
  const { onEnd, onLeaveOff: _, ...controls } = useCallControls(call);
  const title = useCallTitle(call);
  const addable = useAddable(call);
  const link = useLinkActions(call);
  const roster = useRoster(call, around.connection);
  const me = call.self.userId;
  const chat = useUnread(call.words.filter(({ author }) => author.id !== me).length);
  const onInSight = useSight(call.callId);
  const snapshot = useShared(groupSnapshot(call, { ...around, title, unread: chat.unread }));
  const { self } = call;
  const isHost = self.role === 'host';
  const isGuest = self.role === 'guest';
  return (
    <GroupCall
      snapshot={snapshot}
      {...controls}
      devices={devices}
      sound={sound}
      onShare={() => (self.screen === null ? stage.share() : stage.stopSharing())}
      onHand={() => group.raiseHand(self.handRaisedAt === null)}
      onReact={(emoji) => group.react(emoji)}
      onSend={(text) => group.say(text)}
      onRead={chat.onRead}
      onDataSaver={(on) => stage.setDataSaver(on)}
      onMinimise={go.back}
      onLeave={onEnd}
      onInSight={onInSight}
      {...(addable === null ? {} : { addable })}
      link={link}
      roster={roster}
      {...(isGuest ? {} : { onAdmit: (id: string, admitted: boolean) => group.admit(id, admitted) })}
      {...(isHost
        ? {
            onMute: (userId: string) => group.mute(userId),
            onRemove: (userId: string) => group.remove(userId),
            onLock: (locked: boolean) => group.lock(locked),
            onEndForAll: () => group.endForEveryone(),
          }
        : {})}
    />
  );
}

/** Counts what others have written since somebody looked. */
function useUnread(count: number) {
  const [read, setRead] = useState(count);
  return { unread: Math.max(0, count - read), onRead: () => setRead(count) };
}

/** Pictures that nobody looks at are not sent here. A call that is only being placed has no id yet: it is told when it has. */
function useSight(callId: string | null) {
  const { stage } = useParley();
  const seen = useRef<readonly PictureWish[] | null>(null);
  useEffect(() => {
    if (callId === null) return;
    if (seen.current !== null) stage.look(callId, seen.current);
    return () => stage.look(callId, []);
  }, [stage, callId]);
  return useCallback(
    (sight: InSight) => {
      const wished = (quality: PictureWish['quality']) => (tile: Tile) => ({ ...tile, quality });
      seen.current = [...sight.small.map(wished('low')), ...sight.sharp.map(wished('high'))];
      if (callId !== null) stage.look(callId, seen.current);
    },
    [stage, callId],
  );
}

/** What became of it is said as a short notice. */
function useLinkActions(call: ActiveCall) {
  const { onCopyLink, onRevokeLink } = useCallLink(call);
  const [linkState, setLinkState] = useState<LinkState>(null);
  const run = (act: () => Promise<void>, done: LinkState) => () => {
    act().then(
      () => setLinkState(done),
      () => setLinkState('failed'),
    );
  };
  return {
    linkState,
    ...(onCopyLink === undefined ? {} : { onCopyLink: run(onCopyLink, 'copied') }),
    ...(onRevokeLink === undefined ? {} : { onRevokeLink: run(onRevokeLink, 'revoked') }),
  };
}
