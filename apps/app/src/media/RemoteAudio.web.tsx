import { useEffect, useMemo, useRef } from 'react';
import { sendTo } from '../sound/sendTo';
import { type Played, SoundPlayer, type Voice } from './soundPlayer';
import type { RemoteAudioProps } from './types';

/** Plays the sound of one person, and says so when the browser wants a gesture first. */
export function RemoteAudio({ stream, attempt, output, onOutputRefused, onBlocked, onPlaying }: RemoteAudioProps) {
  const place = useRef<HTMLDivElement>(null);
  const player = useRef<SoundPlayer<MediaStream> | null>(null);
  const report = useRef({ onBlocked, onPlaying, onOutputRefused });
  useEffect(() => {
    report.current = { onBlocked, onPlaying, onOutputRefused };
  });

  // The sound alone: an element that is given a picture as well waits for its first frame, which may never come.
  const tracks = stream instanceof MediaStream ? stream.getAudioTracks() : [];
  const key = tracks.map(({ id }) => id).join(' ');
  // biome-ignore lint/correctness/useExhaustiveDependencies: other tracks make another sound, whoever's stream they are in.
  const sound = useMemo(() => (tracks.length === 0 ? null : new MediaStream(tracks)), [stream, key]);

  useEffect(() => {
    const made = new SoundPlayer<MediaStream>({
      voice: () => audioVoice(place.current),
      wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      blocked: () => report.current.onBlocked(),
      playing: () => report.current.onPlaying(),
      outputRefused: () => report.current.onOutputRefused(),
    });
    player.current = made;
    return () => made.stop();
  }, []);

  useEffect(() => void player.current?.show(sound, output), [sound, output]);
  useEffect(() => {
    if (attempt > 0) void player.current?.retry();
  }, [attempt]);

  return <div ref={place} style={{ display: 'none' }} />;
}

function audioVoice(place: HTMLElement | null): Voice<MediaStream> {
  const audio = document.createElement('audio');
  audio.autoplay = true;
  place?.append(audio);
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
