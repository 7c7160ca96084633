import { useEffect, useRef } from 'react';
import { Platform } from 'react-native';
import { isField } from './focus';

/** A key is written as in `KeyboardEvent.key`, lower case, with `mod+` (Ctrl or ⌘) and `shift+` before it. */
export type Shortcuts = Readonly<Record<string, (() => void) | undefined>>;

function nameOf(event: KeyboardEvent): string {
  const mod = event.ctrlKey || event.metaKey ? 'mod+' : '';
  const shift = event.shiftKey ? 'shift+' : '';
  return `${mod}${shift}${event.key.toLowerCase()}`;
}

/**
 * Keys for the whole page while the component is there. Letters are left alone where somebody is writing; with Ctrl or ⌘
 * a key is heard before the field that has the focus, and goes no further.
 */
export function useShortcuts(shortcuts: Shortcuts): void {
  const current = useRef(shortcuts);
  current.current = shortcuts;
  useEffect(() => {
    if (Platform.OS !== 'web') return;
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.repeat || event.altKey) return;
      const name = nameOf(event);
      const types = event.key.length === 1 && !event.ctrlKey && !event.metaKey;
      if (types && isField(event.target)) return;
      const run = current.current[name];
      if (run === undefined) return;
      event.preventDefault();
      if (name.startsWith('mod+')) event.stopPropagation();
      run();
    };
    document.addEventListener('keydown', onKey, { capture: true });
    return () => document.removeEventListener('keydown', onKey, { capture: true });
  }, []);
}
