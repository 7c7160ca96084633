import { type Href, useRouter } from 'expo-router';
import { NotFound } from '../src/screens/NotFound';

export default function NotFoundRoute() {
  const router = useRouter();
  return <NotFound onNavigate={(path) => router.replace(path as Href)} />;
}
