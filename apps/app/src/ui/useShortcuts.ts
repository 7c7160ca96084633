import { useEffect, useRef } from 'react';
import { Platform } from 'react-native';

/** A key is written as in `KeyboardEvent.key`, lower case, with `mod+` (Ctrl or ⌘) and `shift+` before it. */
export type Shortcuts = Readonly<Record<string, (() => void) | undefined>>;

const writes = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

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
      if (name.length === 1 && writes(event.target)) return;
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
