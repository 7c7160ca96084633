import type { NoticePermission, SystemNotice } from './types';

/** Phones ring by push and by the system's own call screen. */
export const noticePermission = (): NoticePermission => 'none';
export const askForNotices = async (): Promise<NoticePermission> => 'none';
export const showNotice = (_: SystemNotice) => () => undefined;
export const away = { isOn: () => false, onChange: (_: () => void) => () => undefined };
