import type { UserId } from '@parley/domain';

/** In the room a person is named `<userId>:<deviceId>`: two devices can be there at once, and a reload replaces its own ghost. */
export const userOf = (identity: string): UserId => identity.split(':', 1)[0] ?? identity;
