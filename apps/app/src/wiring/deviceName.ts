/** What a session is called: names are brands, and the same in every language. Null for what is not known. */
export interface DeviceName {
  readonly browser: string | null;
  readonly system: string | null;
  readonly phone: boolean;
}

/** The first that fits counts: Edge and Opera call themselves Chrome too, and everybody calls themselves Safari. */
const BROWSERS: readonly (readonly [string, RegExp])[] = [
  ['Edge', /\bEdg(?:e|A|iOS)?\//],
  ['Opera', /\bOPR\//],
  ['Samsung Internet', /\bSamsungBrowser\//],
  ['Firefox', /\b(?:Firefox|FxiOS)\//],
  ['Chrome', /\b(?:Chrome|Chromium|HeadlessChrome|CriOS)\//],
  ['Safari', /\bVersion\/[\d.]+.*\bSafari\//],
];
const SYSTEMS: readonly (readonly [string, RegExp])[] = [
  ['iPhone', /\biPhone\b/],
  ['iPad', /\biPad\b/],
  ['Android', /\bAndroid\b/],
  ['Windows', /\bWindows\b/],
  ['ChromeOS', /\bCrOS\b/],
  ['macOS', /\bMac ?OS ?X\b|\bMacintosh\b/],
  ['Linux', /\bLinux\b/],
];

const firstOf = (names: typeof BROWSERS, text: string): string | null =>
  names.find(([, pattern]) => pattern.test(text))?.[0] ?? null;

/** Read out of the header that the browser sent when it signed in. */
export function deviceName(userAgent: string | null): DeviceName {
  const text = userAgent ?? '';
  const system = firstOf(SYSTEMS, text);
  return { browser: firstOf(BROWSERS, text), system, phone: system === 'iPhone' || /\bMobile\b/.test(text) };
}
