import type { Switch } from './types';

/** An app fills the screen already. */
export const fullScreen: Switch | null = null;
