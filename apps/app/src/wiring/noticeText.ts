import type { DeviceNews, Notice } from '@parley/client';
import { errorText, hasWords } from '../words/errors';
import { t } from '../words/words';

/** What a short notice says. */
export function noticeText({ kind, code, device }: Notice): string {
  if (kind === 'device') return device === undefined ? '' : deviceText(device);
  return code !== null && hasWords(code) ? errorText(code) : t(`notices.${kind}`);
}

function deviceText({ change, role, name: known }: DeviceNews): string {
  const name = known === '' ? t('devices.unnamed') : known;
  // The ring tone is nobody's in a call.
  const where = role === 'ring' ? 'speaker' : role;
  switch (change) {
    case 'lost':
    case 'back':
      return t(`devices.${change}.${where}`, { name });
    case 'gone':
    case 'moved':
      return t(`devices.${change}`, { name });
    case 'works':
      return t(`devices.works.${where === 'camera' ? 'camera' : 'microphone'}`);
  }
}
