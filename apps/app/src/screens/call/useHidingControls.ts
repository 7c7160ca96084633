import { useCallback, useEffect, useRef, useState } from 'react';
import { Platform } from 'react-native';
import { motion } from '../../theme/tokens';

/** Marks the part of the stage whose focus keeps the controls in sight. */
export const CONTROLS = { controls: 'true' } as const;

const focusedByKeyboard = (): boolean =>
  Platform.OS === 'web' && document.querySelector('[data-controls] :focus-visible:not([tabindex="-1"])') !== null;

/**
 * Controls go out of sight after four seconds without movement, and come back on any. They stay while `keep` holds and
 * while one of them has the keyboard's focus.
 */
export function useHidingControls(keep: boolean): { readonly shown: boolean; readonly onMovement: () => void } {
  const [shown, setShown] = useState(true);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);

  const onMovement = useCallback(() => {
    setShown(true);
    clearTimeout(timer.current);
    if (keep) return;
    const hide = () => {
      if (focusedByKeyboard()) timer.current = setTimeout(hide, motion.controlsHideAfter);
      else setShown(false);
    };
    timer.current = setTimeout(hide, motion.controlsHideAfter);
  }, [keep]);

  useEffect(() => {
    onMovement();
    return () => clearTimeout(timer.current);
  }, [onMovement]);

  useEffect(() => {
    if (Platform.OS !== 'web') return;
    const kinds = ['pointermove', 'pointerdown', 'keydown', 'focusin'] as const;
    for (const kind of kinds) document.addEventListener(kind, onMovement, { passive: true });
    return () => {
      for (const kind of kinds) document.removeEventListener(kind, onMovement);
    };
  }, [onMovement]);

  return { shown: shown || keep, onMovement };
}
