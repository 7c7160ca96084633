import { CallFollower } from './CallFollower';
import { CallPresence } from './CallPresence';
import { CallSound } from './CallSound';
import { CallSounds } from './CallSounds';
import { Overlay } from './Overlay';
import { SoundRoute } from './SoundRoute';

/** What calls do beside the pages, for whoever is signed in: rings above all. */
export function CallSurroundings() {
  return (
    <>
      <CallFollower />
      <CallSound />
      <CallPresence />
      <CallSounds />
      <SoundRoute />
      <Overlay />
    </>
  );
}
