import { useEffect, useRef, useState } from 'react';
import { motion, stage } from '../theme/tokens';
import type { VideoViewProps } from './types';

/** Beyond this ratio between the picture's and the box's proportions, filling would cut away more than a third. */
const MOST_CUT = 1.6;

const keepsWhole = (video: HTMLVideoElement): boolean => {
  if (video.videoWidth === 0 || video.clientHeight === 0) return false;
  const picture = video.videoWidth / video.videoHeight;
  const box = video.clientWidth / video.clientHeight;
  return Math.max(picture / box, box / picture) > MOST_CUT;
};

/** A picture that fades in over whatever lies beneath it once its first frame is there. Fills its parent. */
export function VideoView({
  stream,
  participantId,
  mirror = false,
  muted = true,
  fit = 'auto',
  source,
  onFirstFrame,
}: VideoViewProps) {
  const element = useRef<HTMLVideoElement>(null);
  const [shown, setShown] = useState(false);
  const [whole, setWhole] = useState(false);
  const firstFrame = useRef(onFirstFrame);
  useEffect(() => {
    firstFrame.current = onFirstFrame;
  });

  useEffect(() => {
    const video = element.current;
    if (video === null) return;
    setShown(false);
    video.srcObject = stream instanceof MediaStream ? stream : null;
    if (video.srcObject === null) return;
    // A refusal to play is no error here: a mute picture starts by `autoplay` as soon as the page may show it.
    video.play().catch(() => undefined);
    return () => {
      video.srcObject = null;
    };
  }, [stream]);

  useEffect(() => {
    const video = element.current;
    if (video === null || fit !== 'auto') return;
    const measure = () => setWhole(keepsWhole(video));
    const observer = new ResizeObserver(measure);
    observer.observe(video);
    video.addEventListener('resize', measure);
    video.addEventListener('loadedmetadata', measure);
    return () => {
      observer.disconnect();
      video.removeEventListener('resize', measure);
      video.removeEventListener('loadedmetadata', measure);
    };
  }, [fit]);

  return (
    <video
      ref={element}
      data-participant={participantId}
      data-source={source}
      autoPlay
      playsInline
      muted={muted}
      disablePictureInPicture
      aria-hidden
      tabIndex={-1}
      onLoadedData={() => {
        setShown(true);
        firstFrame.current?.();
      }}
      style={{
        position: 'absolute',
        inset: 0,
        width: '100%',
        height: '100%',
        objectFit: fit === 'contain' || (whole && fit === 'auto') ? 'contain' : 'cover',
        // Shown whole it does not fill the tile: the face beneath would look out from behind it.
        backgroundColor: whole && fit === 'auto' ? stage.tile : undefined,
        transform: mirror ? 'scaleX(-1)' : undefined,
        opacity: shown ? 1 : 0,
        transition: `opacity ${motion.fadeIn}ms ease-out`,
        pointerEvents: 'none',
      }}
    />
  );
}
