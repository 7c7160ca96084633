export type TabIcon = 'usual' | 'ringing' | 'inCall';

/** An app has no tab. */
export const showTab = (_title: string, _icon: TabIcon): void => undefined;
