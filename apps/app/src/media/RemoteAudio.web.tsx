import { useEffect, useRef, useState } from 'react';
import { sendTo } from '../sound/sendTo';
import type { RemoteAudioProps } from './types';

/** Plays the sound of one person, and says so when the browser wants a gesture first. */
export function RemoteAudio({ stream, attempt, output, onOutputRefused, onBlocked, onPlaying }: RemoteAudioProps) {
  const element = useRef<HTMLAudioElement>(null);
  const report = useRef({ onBlocked, onPlaying, onOutputRefused });
  useEffect(() => {
    report.current = { onBlocked, onPlaying, onOutputRefused };
  });

  // Before it plays: nothing shall be heard through another device for a moment. And Chromium forgets a device that is set while
  // the element gets its stream: it says that it plays there, and plays through the default.
  const [routed, setRouted] = useState(output === null);
  useEffect(() => {
    const audio = element.current;
    if (audio === null) return;
    let current = true;
    void sendTo(audio, output).then((sent) => {
      if (!current) return;
      setRouted(true);
      if (!sent) report.current.onOutputRefused();
    });
    return () => {
      current = false;
    };
  }, [output]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt has to run it again.
  useEffect(() => {
    const audio = element.current;
    if (audio === null || !routed || !(stream instanceof MediaStream)) return;
    let current = true;
    if (audio.srcObject !== stream) audio.srcObject = stream;
    audio.play().then(
      () => {
        if (current) report.current.onPlaying();
      },
      (error: unknown) => {
        // AbortError only says that another play() or a new source came in between.
        if (current && error instanceof DOMException && error.name === 'NotAllowedError') report.current.onBlocked();
      },
    );
    return () => {
      current = false;
    };
  }, [stream, attempt, routed]);

  useEffect(() => {
    const audio = element.current;
    return () => {
      if (audio !== null) audio.srcObject = null;
    };
  }, []);

  // biome-ignore lint/a11y/useMediaCaption: live speech; there is no caption track for it.
  return <audio ref={element} autoPlay style={{ display: 'none' }} />;
}
