import { paths } from '../paths';

/** Where a link of a call in a message leads within the app; null where there is none in it. */
export function invitePath(content: string): string | null {
  const token = /\/join\/([A-Za-z0-9_-]+)/.exec(content)?.[1];
  return token === undefined ? null : paths.join(token);
}
