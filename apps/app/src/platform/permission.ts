import type { CapturePermission } from '@parley/client';

/** iOS asks at the first capture; whether it would, only a try can tell. */
export const permissionOf = async (): Promise<CapturePermission> => 'prompt';
