export interface TextPart {
  readonly text: string;
  /** Where it leads, when it is an address of the web. */
  readonly href?: string;
}

const ADDRESS = /\bhttps?:\/\/[^\s<>"“”]+/giu;
/** What ends a sentence around an address and not the address. */
const AFTERWORD = /[.,:;!?'’*_]+$/u;

/**
 * Cuts a message where addresses of the web stand in it. Nothing else becomes a link: no other scheme, and nothing that only looks
 * like a host. A closing bracket belongs to the address if it also opens there.
 */
export function partsOf(text: string): readonly TextPart[] {
  const parts: TextPart[] = [];
  let from = 0;
  for (const { 0: found, index } of text.matchAll(ADDRESS)) {
    const address = withoutAfterword(found);
    if (!URL.canParse(address)) continue;
    if (index > from) parts.push({ text: text.slice(from, index) });
    parts.push({ text: address, href: address });
    from = index + address.length;
  }
  if (from < text.length) parts.push({ text: text.slice(from) });
  return parts;
}

function withoutAfterword(found: string): string {
  const address = found.replace(AFTERWORD, '');
  const opened = address.split('(').length;
  if (address.endsWith(')') && address.split(')').length > opened) return withoutAfterword(address.slice(0, -1));
  return address;
}
