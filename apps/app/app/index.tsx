import { Redirect } from 'expo-router';

/** Until the screens are wired to the server, the app opens its gallery. */
export default function Index() {
  return <Redirect href="/gallery" />;
}
