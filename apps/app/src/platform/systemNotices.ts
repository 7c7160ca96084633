import type { NoticePermission, SystemNotice } from './types';

const has = (): boolean => typeof Notification !== 'undefined' && globalThis.isSecureContext;

/** `none`: the browser has no notices, or not for a page without https. */
export function noticePermission(): NoticePermission {
  if (!has()) return 'none';
  return Notification.permission === 'default' ? 'prompt' : Notification.permission;
}

/** Only inside of a press: browsers hold it against a page that asks by itself. */
export async function askForNotices(): Promise<NoticePermission> {
  if (has()) await Notification.requestPermission().catch(() => undefined);
  return noticePermission();
}

/** @returns how to take it away. A press on it brings the page to the front. */
export function showNotice({ tag, title, body }: SystemNotice): () => void {
  try {
    // Parley rings by itself, for as long as the call does.
    const { lang } = document.documentElement;
    const notice = new Notification(title, {
      tag,
      body,
      lang,
      icon: '/favicon.svg',
      requireInteraction: true,
      silent: true,
    });
    notice.onclick = () => {
      window.focus();
      notice.close();
    };
    return () => notice.close();
  } catch {
    // Chrome on Android shows notices by a service worker alone.
    return () => undefined;
  }
}

const isAway = (): boolean => document.hidden || !document.hasFocus();

/** Whether nobody looks at the page: its tab is hidden, or another program is in front. */
export const away = {
  isOn: isAway,
  onChange: (listener: () => void) => {
    document.addEventListener('visibilitychange', listener);
    for (const kind of ['focus', 'blur'] as const) window.addEventListener(kind, listener);
    return () => {
      document.removeEventListener('visibilitychange', listener);
      for (const kind of ['focus', 'blur'] as const) window.removeEventListener(kind, listener);
    };
  },
};
