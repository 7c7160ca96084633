// For TypeScript: Metro takes .web or .native before this one.
export { createSoundPlayer } from './player.web';
