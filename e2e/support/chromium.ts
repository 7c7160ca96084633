import type { LaunchOptions } from '@playwright/test';
import { filmFile, toneFile } from './paths.ts';

type Choice = {
  /**
   * `fake-that-ask`: there are devices, and the permission is as the context says. `cameras`: three of them, without the film.
   * `none`: what the machine has.
   */
  devices: 'fake' | 'fake-that-ask' | 'cameras' | 'none';
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
  if (devices !== 'none') args.push(`--use-file-for-fake-audio-capture=${toneFile}`);
  if (devices === 'cameras') args.push('--use-fake-device-for-media-stream=device-count=3');
  else if (devices !== 'none') {
    args.push('--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${filmFile}`);
  }
  if (devices === 'fake' || devices === 'cameras') args.push('--use-fake-ui-for-media-stream');
  if (autoplay) args.push('--autoplay-policy=no-user-gesture-required');
  return { executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium', args };
}
