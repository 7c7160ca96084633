import { type Href, useLocalSearchParams, useRouter } from 'expo-router';
import { Gallery } from '../src/gallery/Gallery';

/** Reachable, but linked from nowhere. */
export default function GalleryRoute() {
  const { screen, theme } = useLocalSearchParams<{ screen?: string; theme?: string }>();
  const router = useRouter();
  return (
    <Gallery
      screen={screen}
      theme={theme === 'light' || theme === 'dark' ? theme : 'system'}
      onNavigate={(path) => router.push(path as Href)}
    />
  );
}
