import { useActiveCall } from '@parley/react';
import { usePathname } from 'expo-router';
import { createContext, type ReactNode, useContext, useState } from 'react';
import { paths } from '../paths';
import { Shortcuts } from '../screens/Shortcuts';
import { StageTheme } from '../theme/ThemeProvider';
import { useShortcuts } from '../ui/useShortcuts';
import { isWeb } from '../ui/web';
import { STARTING } from './CallFollower';

const OpenContext = createContext<(() => void) | undefined>(undefined);

/** Opens the list of keys; undefined on phones, which have none. */
export const useShortcutsSheet = (): (() => void) | undefined => useContext(OpenContext);

/** The list of keys, which "?" opens everywhere. */
export function ShortcutsSheet({ children }: { readonly children: ReactNode }) {
  const [open, setOpen] = useState(false);
  const show = () => setOpen(true);
  const close = () => setOpen(false);
  return (
    <OpenContext.Provider value={isWeb ? show : undefined}>
      <Keys open={open} show={show} close={close} />
      {children}
      {open ? <Sheet onClose={close} /> : null}
    </OpenContext.Provider>
  );
}

/** In the colours of what it lies on: a call is dark in the light theme too. */
function Sheet({ onClose }: { readonly onClose: () => void }) {
  const active = useActiveCall();
  const path = usePathname();
  const list = <Shortcuts onClose={onClose} />;
  return active !== null && path === paths.call(active.callId ?? STARTING) ? <StageTheme>{list}</StageTheme> : list;
}

interface KeysProps {
  readonly open: boolean;
  readonly show: () => void;
  readonly close: () => void;
}

/** Drawn before all screens, so that it hears a key before them: Esc closes the list and nothing under it. */
function Keys({ open, show, close }: KeysProps) {
  useShortcuts({ '?': show, 'shift+?': show, escape: open ? close : undefined });
  return null;
}
