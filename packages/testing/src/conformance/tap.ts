import type { Verdict } from './run.ts';

/** One line of the list, and what was wrong below it (TAP version 14, with a YAML block). */
export function tapOf({ name, ok, why }: Verdict, number: number): string {
  const line = `${ok ? 'ok' : 'not ok'} ${number} - ${name}`;
  if (ok) return line;
  return [line, '  ---', '  why: |', ...why.split('\n').map((text) => `    ${text}`), '  ...'].join('\n');
}

export function summaryOf(verdicts: readonly Verdict[], seconds: number): string {
  const failed = verdicts.filter(({ ok }) => !ok).length;
  return `# ${verdicts.length - failed} passed, ${failed} failed, ${seconds.toFixed(1)} s`;
}
