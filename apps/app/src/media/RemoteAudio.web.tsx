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

  // Before it plays: nothing shall be heard through another device for a moment. And Chromium (156) forgets a device that is set
  // while the element gets or has a stream of a call: it says that it plays there, and plays where it did. So the device comes
  // first, and the stream anew with each device. Counts the devices; 0: not sent anywhere yet.
  const [route, setRoute] = useState(output === null ? 1 : 0);
  useEffect(() => {
    const audio = element.current;
    if (audio === null) return;
    let current = true;
    const moves = audio.sinkId !== (output ?? '');
    // Let go of first: one that still holds the stream would share its old way out.
    if (moves) audio.srcObject = null;
    void sendTo(audio, output).then((sent) => {
      if (!current) return;
      if (moves) setRoute((count) => count + 1);
      if (!sent) report.current.onOutputRefused();
    });
    return () => {
      current = false;
    };
  }, [output]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt has to run it again.
  useEffect(() => {
    const audio = element.current;
    if (audio === null || route === 0 || !(stream instanceof MediaStream)) return;
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
  }, [stream, attempt, route]);

  useEffect(() => {
    const audio = element.current;
    return () => {
      if (audio !== null) audio.srcObject = null;
    };
  }, []);

  // biome-ignore lint/a11y/useMediaCaption: live speech; there is no caption track for it.
  return <audio ref={element} autoPlay style={{ display: 'none' }} />;
}
