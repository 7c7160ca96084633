import type { LaunchOptions } from '@playwright/test';
import { filmFile, toneFile } from './paths.ts';

type Choice = {
  /** `fake-that-ask`: there are devices, and the permission is as the context says. */
  devices: 'fake' | 'fake-that-ask' | 'none';
  /** Whether sound may start without a gesture. */
  autoplay: boolean;
};

/** How the system's Chromium is started. The flags are those that were found to work headless and without a network. */
export function chromium({ devices, autoplay }: Choice): LaunchOptions {
  const args = [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--allow-loopback-in-peer-connection',
  ];
  if (devices !== 'none') {
    args.push(
      '--use-fake-device-for-media-stream',
      `--use-file-for-fake-audio-capture=${toneFile}`,
      `--use-file-for-fake-video-capture=${filmFile}`,
    );
  }
  if (devices === 'fake') args.push('--use-fake-ui-for-media-stream');
  if (autoplay) args.push('--autoplay-policy=no-user-gesture-required');
  return { executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium', args };
}
