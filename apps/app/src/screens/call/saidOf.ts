import { firstName } from '../../words/format';
import { t } from '../../words/words';
import type { ActiveCallSnapshot, PersonOnStage } from '../snapshots';

/** As much of a call as is spoken of. */
export type Speakable = Pick<ActiveCallSnapshot, 'connectedAt'> & {
  readonly self: Pick<PersonOnStage, 'isMuted' | 'videoEnabled'>;
  readonly others: readonly Pick<PersonOnStage, 'id' | 'displayName' | 'isMuted' | 'videoEnabled' | 'away'>[];
};

/**
 * What has changed between two moments of a call, in words for those who do not see it: first what one did oneself. Not the
 * timer, and not the notices of the stage, which are a live region of their own.
 */
export function saidOf(before: Speakable, now: Speakable): readonly string[] {
  const said: string[] = [];
  if (before.self.isMuted !== now.self.isMuted)
    said.push(t(now.self.isMuted ? 'call.said.microphoneOff' : 'call.said.microphoneOn'));
  if (before.self.videoEnabled !== now.self.videoEnabled)
    said.push(t(now.self.videoEnabled ? 'call.said.cameraOn' : 'call.said.cameraOff'));
  if (before.connectedAt === null && now.connectedAt !== null) said.push(t('call.said.connected'));
  for (const person of now.others) {
    const was = before.others.find(({ id }) => id === person.id);
    if (was === undefined) continue;
    const name = firstName(person.displayName);
    if (was.away === true && person.away !== true) said.push(t('call.said.back', { name }));
    // Whoever is out of reach, or comes back, has not pressed anything.
    if (was.away === true || person.away === true) continue;
    if (was.isMuted !== person.isMuted)
      said.push(t(person.isMuted ? 'call.said.theyMuted' : 'call.said.theyUnmuted', { name }));
    if (was.videoEnabled !== person.videoEnabled)
      said.push(t(person.videoEnabled ? 'call.said.theirCameraOn' : 'call.said.theirCameraOff', { name }));
  }
  return said;
}
