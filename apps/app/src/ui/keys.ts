import { t } from '../words/words';
import { isWeb } from './web';

const onMac = (): boolean => isWeb && /Mac|iPhone|iPad/.test(globalThis.navigator?.platform ?? '');

/** "Shift+Escape" as it stands on the keyboard of the person: Shift+Esc, ⌘ Enter. */
export function keysInWords(keys: string): string {
  const parts = keys.split('+').map((part) => {
    switch (part) {
      case 'Shift':
        return t('keys.shift');
      case 'Control':
        return onMac() ? '⌘' : t('keys.control');
      case 'Escape':
        return t('keys.escape');
      case 'Enter':
        return t('keys.enter');
      default:
        return part;
    }
  });
  return parts.join('+');
}
