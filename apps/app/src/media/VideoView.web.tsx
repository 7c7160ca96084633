import { useLayoutEffect, useRef } from 'react';
import type { VideoViewProps } from './types';
import { players, VideoPlayer } from './videoPlayer';

/**
 * A picture that fades in over whatever lies beneath it once its first frame is there. Fills its parent. Where another stream takes
 * the place of the first, or another screen of the app that of this one, the picture goes on without a break.
 */
export function VideoView({
  stream,
  participantId,
  mirror = false,
  muted = true,
  fit = 'auto',
  source,
}: VideoViewProps) {
  const host = useRef<HTMLDivElement>(null);
  const player = useRef<VideoPlayer | null>(null);

  // While the page is laid out, all of them: between one screen's end and the next one's begin nothing is drawn.
  useLayoutEffect(() => {
    if (host.current === null) return;
    const key = `${source ?? ''} ${participantId}`;
    const names = source === undefined ? { participant: participantId } : { participant: participantId, source };
    const mine = players.take(key) ?? new VideoPlayer(names);
    player.current = mine;
    mine.moveTo(host.current);
    return () => {
      player.current = null;
      players.leave(key, mine);
    };
  }, [participantId, source]);

  useLayoutEffect(() => player.current?.look({ mirror, muted, fit }));
  // biome-ignore lint/correctness/useExhaustiveDependencies: another person's player has to be told as well.
  useLayoutEffect(
    () => player.current?.show(stream instanceof MediaStream ? stream : null),
    [stream, participantId, source],
  );

  return <div ref={host} style={{ position: 'absolute', inset: 0, pointerEvents: 'none' }} />;
}
