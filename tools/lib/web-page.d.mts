/** See web-page.mjs. */
export function pageOf(html: string, files: readonly string[]): string;
