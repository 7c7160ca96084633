import type { CapturePermission, CaptureSource } from '@parley/client';
import { PermissionsAndroid } from 'react-native';

const NAMES = {
  microphone: PermissionsAndroid.PERMISSIONS.RECORD_AUDIO,
  camera: PermissionsAndroid.PERMISSIONS.CAMERA,
} as const;

export const permissionOf = async (source: CaptureSource): Promise<CapturePermission> =>
  (await PermissionsAndroid.check(NAMES[source])) ? 'granted' : 'prompt';
