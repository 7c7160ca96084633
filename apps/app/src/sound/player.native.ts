import { type AudioPlayer, createAudioPlayer } from 'expo-audio';
import { soundFiles } from './files';
import type { SoundName, SoundPlayer } from './types';

/** Phones ask for no gesture: `onBlocked` never speaks here. */
export function createSoundPlayer(): SoundPlayer {
  const players = new Map<SoundName, AudioPlayer>();
  const playerOf = (sound: SoundName): AudioPlayer => {
    const known = players.get(sound);
    if (known !== undefined) return known;
    const made = createAudioPlayer(soundFiles[sound]);
    players.set(sound, made);
    return made;
  };
  const stop = (sound: SoundName) => {
    const player = players.get(sound);
    if (player === undefined) return;
    players.delete(sound);
    player.pause();
    // A player keeps hold of the audio session, which belongs to the call from here on.
    player.release();
  };
  return {
    play(sound, options = {}) {
      const player = playerOf(sound);
      if (player.playing && options.loop === true) return;
      player.loop = options.loop === true;
      void player.seekTo(0);
      player.play();
    },
    stop,
    stopAll() {
      for (const sound of players.keys()) stop(sound);
    },
    // Phones have one way for all sound: see `routeSound`.
    setOutput() {},
    onBlocked() {
      return () => undefined;
    },
  };
}
