import { createParleyClient } from '@parley/client';
import { ParleyProvider, useClientSnapshot } from '@parley/react';
import { Slot } from 'expo-router';
import { StatusBar } from 'expo-status-bar';
import { useEffect, useState } from 'react';
import { View } from 'react-native';
import { SafeAreaProvider } from 'react-native-safe-area-context';
import { besideOf } from '../src/loading/later';
import { fetchAhead, parts } from '../src/loading/parts';
import { clientOptions } from '../src/platform/options';
import { useTypefaces } from '../src/theme/fonts';
import { ThemeProvider } from '../src/theme/ThemeProvider';
import { Tooltips } from '../src/ui/Tooltips';
import { FocusKeeper } from '../src/wiring/FocusKeeper';
import { PeoplesPictures } from '../src/wiring/PeoplesPictures';
import { PermissionGate } from '../src/wiring/PermissionGate';
import {
  RingsHereChoice,
  RingToneChoice,
  ThemeChoice,
  useRingsHerePreference,
  useRingTonePreference,
  useThemePreference,
} from '../src/wiring/preferences';
import { SessionGuard } from '../src/wiring/SessionGuard';
import { ShortcutsSheet } from '../src/wiring/ShortcutsSheet';
import { Directed } from '../src/words/Directed';
import { useFirstWords } from '../src/words/preference';

const CallSurroundings = besideOf(parts.home, (home) => home.CallSurroundings);

/** Before somebody has signed in nobody can ring, and nothing of calls is fetched. */
function Calls() {
  const signedIn = useClientSnapshot((client) => client.session === 'signed_in');
  useEffect(() => (signedIn ? fetchAhead() : undefined), [signedIn]);
  return signedIn ? <CallSurroundings /> : null;
}

export default function Layout() {
  const typefaces = useTypefaces();
  const words = useFirstWords();
  const [client] = useState(() => createParleyClient(clientOptions()));
  const theme = useThemePreference();
  const ringTone = useRingTonePreference();
  const ringsHere = useRingsHerePreference();
  useEffect(() => () => client.dispose(), [client]);
  // Nothing is drawn in a face, or in words, that would be exchanged a moment later.
  if (!typefaces || !words) return null;
  return (
    <SafeAreaProvider>
      <Directed>
        <ThemeProvider preference={theme.preference}>
          <StatusBar style="auto" />
          <ParleyProvider client={client}>
            <ThemeChoice value={theme}>
              <RingsHereChoice value={ringsHere}>
                <RingToneChoice value={ringTone}>
                  <PeoplesPictures>
                    <ShortcutsSheet>
                      <PermissionGate>
                        <View style={{ flex: 1 }}>
                          <SessionGuard>
                            <Slot />
                            <FocusKeeper />
                          </SessionGuard>
                        </View>
                        <Calls />
                        <Tooltips />
                      </PermissionGate>
                    </ShortcutsSheet>
                  </PeoplesPictures>
                </RingToneChoice>
              </RingsHereChoice>
            </ThemeChoice>
          </ParleyProvider>
        </ThemeProvider>
      </Directed>
    </SafeAreaProvider>
  );
}
