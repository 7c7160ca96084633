import { sendTo } from '../sound/sendTo';
import { type Played, SoundPlayer, type Voice } from './soundPlayer';
import type { Heard, Speakers, SpeakersWorld } from './types';

interface Playing {
  readonly player: SoundPlayer<MediaStream>;
  /** What the sound was made of. */
  tracks: readonly MediaStreamTrack[];
  sound: MediaStream | null;
}

/** By elements of the page, one for each person. */
export function createSpeakers(world: SpeakersWorld): Speakers {
  const place = document.createElement('div');
  place.style.display = 'none';
  document.body.append(place);
  const playing = new Map<string, Playing>();

  function begin(): Playing {
    const player = new SoundPlayer<MediaStream>({
      voice: () => audioVoice(place),
      wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      ...world,
    });
    return { player, tracks: [], sound: null };
  }

  function show({ userId, stream }: Heard, output: string | null): void {
    const one = playing.get(userId) ?? begin();
    playing.set(userId, one);
    // The sound alone: an element that is given a picture as well waits for its first frame, which may never come.
    const tracks = stream instanceof MediaStream ? stream.getAudioTracks() : [];
    const isSame = tracks.length === one.tracks.length && tracks.every((track, index) => track === one.tracks[index]);
    if (!isSame) {
      one.tracks = tracks;
      one.sound = tracks.length === 0 ? null : new MediaStream(tracks);
    }
    void one.player.show(one.sound, output);
  }

  return {
    show(people, output) {
      for (const [userId, { player }] of playing) {
        if (people.some((person) => person.userId === userId)) continue;
        player.stop();
        playing.delete(userId);
      }
      for (const person of people) show(person, output);
    },
    retry() {
      for (const { player } of playing.values()) void player.retry();
    },
    stop() {
      for (const { player } of playing.values()) player.stop();
      playing.clear();
      place.remove();
    },
  };
}

function audioVoice(place: HTMLElement): Voice<MediaStream> {
  const audio = document.createElement('audio');
  audio.autoplay = true;
  place.append(audio);
  return {
    sendTo: (output) => sendTo(audio, output),
    async play(sound): Promise<Played> {
      if (audio.srcObject !== sound) audio.srcObject = sound;
      try {
        await audio.play();
        return 'playing';
      } catch (error) {
        // AbortError only says that another play() or a new source came in between.
        return error instanceof DOMException && error.name === 'NotAllowedError' ? 'blocked' : 'passed';
      }
    },
    setVolume(volume) {
      audio.volume = volume;
    },
    stop() {
      audio.srcObject = null;
      audio.remove();
    },
  };
}
