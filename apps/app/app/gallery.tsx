import { type Href, useLocalSearchParams, useRouter } from 'expo-router';
import { Gallery } from '../src/gallery/Gallery';

/** Reachable, but linked from nowhere. */
export default function GalleryRoute() {
  // `screen` would be a word of the router's own: it takes that for a nested route.
  const { show, theme, lang } = useLocalSearchParams<{ show?: string; theme?: string; lang?: string }>();
  const router = useRouter();
  return (
    <Gallery
      screen={show}
      language={lang}
      theme={theme === 'light' || theme === 'dark' ? theme : 'system'}
      onNavigate={(path) => router.push(path as Href)}
    />
  );
}
