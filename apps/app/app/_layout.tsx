import { createParleyClient } from '@parley/client';
import { ParleyProvider } from '@parley/react';
import { Slot } from 'expo-router';
import { StatusBar } from 'expo-status-bar';
import { useEffect, useState } from 'react';
import { View } from 'react-native';
import { SafeAreaProvider } from 'react-native-safe-area-context';
import { clientOptions } from '../src/platform/options';
import { useTypefaces } from '../src/theme/fonts';
import { ThemeProvider } from '../src/theme/ThemeProvider';
import { Tooltips } from '../src/ui/Tooltips';
import { AwaySound } from '../src/wiring/AwaySound';
import { CallFollower } from '../src/wiring/CallFollower';
import { CallPresence } from '../src/wiring/CallPresence';
import { CallSounds } from '../src/wiring/CallSounds';
import { FocusKeeper } from '../src/wiring/FocusKeeper';
import { Overlay } from '../src/wiring/Overlay';
import { PeoplesPictures } from '../src/wiring/PeoplesPictures';
import { PermissionGate } from '../src/wiring/PermissionGate';
import { RingToneChoice, ThemeChoice, useRingTonePreference, useThemePreference } from '../src/wiring/preferences';
import { SessionGuard } from '../src/wiring/SessionGuard';
import { ShortcutsSheet } from '../src/wiring/ShortcutsSheet';
import { Directed } from '../src/words/Directed';
import { useFirstWords } from '../src/words/preference';

export default function Layout() {
  const typefaces = useTypefaces();
  const words = useFirstWords();
  const [client] = useState(() => createParleyClient(clientOptions()));
  const theme = useThemePreference();
  const ringTone = useRingTonePreference();
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
              <RingToneChoice value={ringTone}>
                <PeoplesPictures>
                  <ShortcutsSheet>
                    <PermissionGate>
                      <View style={{ flex: 1 }}>
                        <SessionGuard>
                          <Slot />
                          <CallFollower />
                          <AwaySound />
                          <CallPresence />
                          <FocusKeeper />
                        </SessionGuard>
                      </View>
                      <CallSounds />
                      <Overlay />
                      <Tooltips />
                    </PermissionGate>
                  </ShortcutsSheet>
                </PeoplesPictures>
              </RingToneChoice>
            </ThemeChoice>
          </ParleyProvider>
        </ThemeProvider>
      </Directed>
    </SafeAreaProvider>
  );
}
