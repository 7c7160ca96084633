/** Absent where a page may not write there (no secure context). */
export const copyText: ((text: string) => Promise<void>) | undefined =
  typeof navigator !== 'undefined' && navigator.clipboard ? (text) => navigator.clipboard.writeText(text) : undefined;
