import { AwaySound } from './AwaySound';
import { CallFollower } from './CallFollower';
import { CallPresence } from './CallPresence';
import { CallSounds } from './CallSounds';
import { Overlay } from './Overlay';
import { SoundRoute } from './SoundRoute';

/** What calls do beside the pages, for whoever is signed in: rings above all. */
export function CallSurroundings() {
  return (
    <>
      <CallFollower />
      <AwaySound />
      <CallPresence />
      <CallSounds />
      <SoundRoute />
      <Overlay />
    </>
  );
}
