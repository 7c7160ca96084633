import { createContext, type ReactNode, useContext, useState } from 'react';
import { Shortcuts } from '../screens/Shortcuts';
import { useShortcuts } from '../ui/useShortcuts';
import { isWeb } from '../ui/web';

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
      {open ? <Shortcuts onClose={close} /> : null}
    </OpenContext.Provider>
  );
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
