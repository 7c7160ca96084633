import { Slot, Stack } from 'expo-router';
import { StatusBar } from 'expo-status-bar';
import { Platform } from 'react-native';
import { SafeAreaProvider } from 'react-native-safe-area-context';
import { useTypefaces } from '../src/theme/fonts';
import { ThemeProvider } from '../src/theme/ThemeProvider';

export default function Layout() {
  const ready = useTypefaces();
  // Nothing is drawn in a face that would be exchanged a moment later.
  if (!ready) return null;
  return (
    <SafeAreaProvider>
      <ThemeProvider preference="system">
        <StatusBar style="auto" />
        {Platform.OS === 'web' ? <Slot /> : <Stack screenOptions={{ headerShown: false }} />}
      </ThemeProvider>
    </SafeAreaProvider>
  );
}
