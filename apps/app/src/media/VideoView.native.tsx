import { type MediaStream, RTCView } from '@livekit/react-native-webrtc';
import { useEffect, useRef } from 'react';
import { Animated, StyleSheet } from 'react-native';
import { motion } from '../theme/tokens';
import type { VideoViewProps } from './types';

const hasUrl = (stream: object): stream is Pick<MediaStream, 'toURL'> =>
  'toURL' in stream && typeof stream.toURL === 'function';

/** A picture that fades in over whatever lies beneath it once the picture has its size. Fills its parent. */
export function VideoView({ stream, mirror = false, fit = 'auto' }: VideoViewProps) {
  const opacity = useRef(new Animated.Value(0)).current;
  const url = stream !== null && hasUrl(stream) ? stream.toURL() : null;

  useEffect(() => {
    if (url === null) opacity.setValue(0);
  }, [url, opacity]);

  if (url === null) return null;
  const show = () => {
    Animated.timing(opacity, { toValue: 1, duration: motion.fadeIn, useNativeDriver: true }).start();
  };
  return (
    <Animated.View style={[StyleSheet.absoluteFill, { opacity, pointerEvents: 'none' }]}>
      <RTCView
        streamURL={url}
        mirror={mirror}
        objectFit={fit === 'contain' ? 'contain' : 'cover'}
        onDimensionsChange={show}
        style={StyleSheet.absoluteFill}
      />
    </Animated.View>
  );
}
