import type { Claims } from '../ports/database.ts';

/** The claims of a person as PostgREST would set them: what `auth.uid()` and the policies read. */
export const claimsJson = ({ sub, isAnonymous }: Claims): string =>
  JSON.stringify({ sub, role: 'authenticated', is_anonymous: isAnonymous });
