/**
 * The tokens of the look: one palette for each ground on which something is drawn.
 *
 * `call` and `stop` are the hues; whatever carries words or an icon in white uses the `…Fill` of the same hue, and words in
 * that hue use `…Ink`, each just dark or light enough to reach 4.5 : 1 (held by tokens.test.ts).
 */
export interface Palette {
  readonly background: string;
  readonly panel: string;
  readonly card: string;
  readonly line: string;
  readonly ink: string;
  readonly quiet: string;
  readonly accent: string;
  readonly accentGround: string;
  readonly onAccent: string;
  readonly call: string;
  readonly callInk: string;
  readonly callFill: string;
  readonly callGround: string;
  readonly onCall: string;
  readonly stop: string;
  readonly stopInk: string;
  readonly stopFill: string;
  readonly stopGround: string;
  readonly onStop: string;
  readonly control: string;
  readonly controlOn: string;
  readonly onControlOn: string;
  readonly tile: string;
  /** A veil over whatever lies under a pointer, and the stronger one under a press. */
  readonly hover: string;
  readonly press: string;
  readonly away: string;
  readonly speaking: string;
  /** A raised hand. */
  readonly hand: string;
  readonly shadow: string;
}

export const light: Palette = {
  background: '#fbfaf8',
  panel: '#f3f1ec',
  card: '#ffffff',
  line: '#e6e3dc',
  ink: '#1c1b1f',
  quiet: '#6b6872',
  accent: '#5b4fc7',
  accentGround: '#ebe8fb',
  onAccent: '#ffffff',
  call: '#1f8a5b',
  callInk: '#187348',
  callFill: '#1b8054',
  callGround: '#dfeee6',
  onCall: '#ffffff',
  stop: '#ce2c31',
  stopInk: '#ce2c31',
  stopFill: '#ce2c31',
  stopGround: '#feebec',
  onStop: '#ffffff',
  control: '#f3f1ec',
  controlOn: '#1c1b1f',
  onControlOn: '#ffffff',
  tile: '#f3f1ec',
  hover: 'rgba(28, 27, 31, 0.045)',
  press: 'rgba(28, 27, 31, 0.09)',
  away: '#6b6872',
  speaking: '#1f8a5b',
  hand: '#9a6700',
  shadow: '0px 12px 36px rgba(28, 27, 31, 0.16)',
};

export const dark: Palette = {
  background: '#131316',
  panel: '#1a1a1f',
  card: '#212127',
  line: '#2c2c34',
  ink: '#efeef3',
  quiet: '#a09ca9',
  accent: '#a99ff5',
  accentGround: '#2b2647',
  onAccent: '#16131f',
  call: '#3fb27f',
  callInk: '#3fb27f',
  callFill: '#1f8052',
  callGround: '#213530',
  onCall: '#ffffff',
  stop: '#ff6369',
  stopInk: '#ff6369',
  stopFill: '#d13438',
  stopGround: '#3b1219',
  onStop: '#ffffff',
  control: '#2c2c34',
  controlOn: '#efeef3',
  onControlOn: '#131316',
  tile: '#1a1a1f',
  hover: 'rgba(239, 238, 243, 0.06)',
  press: 'rgba(239, 238, 243, 0.11)',
  away: '#a09ca9',
  speaking: '#3fb27f',
  hand: '#f5c451',
  shadow: '0px 12px 36px rgba(0, 0, 0, 0.5)',
};

/** Calls are always dark, whatever the theme. */
export const stage: Palette = {
  background: '#0d0e12',
  panel: '#14161c',
  card: '#1b1d24',
  line: '#2b2e38',
  ink: '#f4f4f6',
  quiet: '#a8abb6',
  accent: '#a99ff5',
  accentGround: '#2b2647',
  onAccent: '#16131f',
  call: '#30a46c',
  callInk: '#4cc38a',
  callFill: '#1f8554',
  callGround: '#16352a',
  onCall: '#ffffff',
  stop: '#e5484d',
  stopInk: '#ff8589',
  stopFill: '#d5373c',
  stopGround: '#3b191d',
  onStop: '#ffffff',
  control: '#262932',
  controlOn: '#f4f4f6',
  onControlOn: '#0d0e12',
  tile: '#1b1d24',
  hover: 'rgba(244, 244, 246, 0.08)',
  press: 'rgba(244, 244, 246, 0.16)',
  away: '#a8abb6',
  speaking: '#7be0ad',
  hand: '#f5c451',
  shadow: '0px 16px 44px rgba(0, 0, 0, 0.42)',
};

/** For whoever asked the system for more contrast: quiet words speak up, and every line can be seen (3 : 1, WCAG 1.4.11). */
export const withMoreContrast = (palette: Palette): Palette => ({
  ...palette,
  quiet: palette.ink,
  line: palette.quiet,
  away: palette.ink,
});

/** Spacing goes in fours. */
export const space = (fours: number): number => fours * 4;

export const radius = { row: 10, button: 12, card: 16, inset: 18, full: 999 } as const;

/** Touch targets are never under `touch`; controls on the stage are `control`. */
export const size = { touch: 44, control: 52, button: 52, sidebar: 272 } as const;

/** From this width on, the sidebar stands beside the pane. */
export const WIDE_FROM = 768;

/** Milliseconds. */
export const motion = { fadeIn: 150, controlsHideAfter: 4000, toast: 5000 } as const;
