import type { Locator } from '@playwright/test';
import { expectTone, peersMade } from '../support/media.ts';
import type { Person } from '../support/person.ts';
import { hasSoundServer, SoundServer } from '../support/sound-server.ts';
import { test as base, connect, expect } from '../support/test.ts';

// Real devices of a real sound server: what Chromium does when one goes is what it does on a desk.
const DESK = { name: 'Desk', hertz: 1000 };
const HEADSET = { name: 'Headset', hertz: 1700 };

const test = base.extend<{ plugged: SoundServer }, { sound: SoundServer }>({
  sound: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from a pattern.
    async ({}, use) => {
      const sound = await SoundServer.start();
      await use(sound);
      await sound.stop();
    },
    { scope: 'worker' },
  ],
  browser: [
    async ({ playwright, launchOptions, sound }, use) => {
      const browser = await playwright.chromium.launch({
        ...launchOptions,
        // Otherwise nothing of what the page plays reaches the sound server.
        ignoreDefaultArgs: ['--mute-audio'],
        env: { ...process.env, PULSE_SERVER: sound.address },
      });
      await use(browser);
      await browser.close();
    },
    { scope: 'worker' },
  ],
  /** Everything is there, and the desk's are the defaults. */
  plugged: [
    async ({ sound }, use) => {
      for (const speaker of ['Wall', 'Ears']) if (!sound.isPlugged(speaker)) await sound.plugSpeaker(speaker);
      for (const one of [DESK, HEADSET]) if (!sound.isPlugged(one.name)) await sound.plugMicrophone(one);
      await sound.defaultTo(DESK.name);
      await sound.defaultSpeaker('Wall');
      await use(sound);
    },
    { auto: true },
  ],
});

test.skip(!hasSoundServer, 'needs PulseAudio (pulseaudio and pulseaudio-utils)');

const group = (person: Person, name: string): Locator => person.page.getByRole('radiogroup', { name, exact: true });
const option = (person: Person, kind: string, name: string | RegExp): Locator =>
  group(person, kind).getByRole('radio', { name, exact: typeof name === 'string' });
const BY_DEFAULT = /^System default/;

const openDevices = async (person: Person): Promise<void> => {
  await person.press('Devices');
  await expect(person.page.getByRole('dialog', { name: 'Devices' })).toBeVisible();
};

test('a microphone that is chosen in mid-call is heard; unplugged, the default takes over; plugged in again, it is back', async ({
  ada,
  grace,
  plugged,
}) => {
  await connect(ada, grace, 'audio');
  await expectTone(grace.page, DESK.hertz);
  const peers = await peersMade(ada.page);
  await openDevices(ada);
  await expect(option(ada, 'Microphone', BY_DEFAULT)).toBeChecked();
  await option(ada, 'Microphone', HEADSET.name).click();
  await expect(option(ada, 'Microphone', HEADSET.name)).toBeChecked();
  await expectTone(grace.page, HEADSET.hertz);

  await plugged.unplug(HEADSET.name);
  await expect(ada.status('“Headset” is gone. The others now hear you through the default microphone.')).toBeVisible();
  await expect(option(ada, 'Microphone', BY_DEFAULT)).toBeChecked();
  await expect(ada.status('“Headset” is not connected.')).toBeVisible();
  await expectTone(grace.page, DESK.hertz);
  // The other direction went on all the time.
  await expectTone(ada.page, DESK.hertz);

  await plugged.plugMicrophone(HEADSET);
  await expect(ada.status('“Headset” is back: the others hear you through it.')).toBeVisible();
  await expect(option(ada, 'Microphone', HEADSET.name)).toBeChecked();
  await expectTone(grace.page, HEADSET.hertz);
  expect(await peersMade(ada.page)).toBe(peers);
  await ada.page.keyboard.press('Escape');
  await ada.expectInCall();
});

test('the default microphone is followed when the system has another one', async ({ ada, grace, plugged }) => {
  await connect(ada, grace, 'audio');
  await expectTone(grace.page, DESK.hertz);
  await plugged.defaultTo(HEADSET.name);
  await expectTone(grace.page, HEADSET.hertz);
});

test('a choice in the settings is tried there, and is that of the next call, also after a reload', async ({
  ada,
  grace,
}) => {
  await ada.page.goto('/settings');
  await option(ada, 'Microphone', HEADSET.name).click();
  await ada.button('Test microphone').click();
  const level = ada.page.getByRole('meter', { name: 'Loudness of your microphone' });
  await expect.poll(async () => Number(await level.getAttribute('aria-valuenow'))).toBeGreaterThan(40);
  await ada.button('End microphone test').click();
  await expect(level).toHaveCount(0);

  await ada.page.reload();
  await expect(option(ada, 'Microphone', HEADSET.name)).toBeChecked();
  await connect(ada, grace, 'audio');
  await expectTone(grace.page, HEADSET.hertz);
  // Grace has chosen nothing.
  await expectTone(ada.page, DESK.hertz);
});

test('the call and the ring tone sound where each was sent, and a speaker that is unplugged makes way', async ({
  ada,
  grace,
  plugged,
}) => {
  await grace.page.goto('/settings');
  await option(grace, 'Speaker', 'Ears').click();
  await expect(option(grace, 'Speaker for the ring tone', BY_DEFAULT)).toBeChecked();
  // Ada hears nothing through the default, so that what sounds there is Grace's.
  await ada.page.goto('/settings');
  await option(ada, 'Speaker', 'Ears').click();
  await ada.startCall('audio', 'Grace');
  await expect(grace.incoming('audio')).toBeVisible();
  await expect.poll(() => plugged.sounding()).toContain('Wall');
  await grace.accept('audio');
  await Promise.all([ada.expectInCall(), grace.expectInCall()]);
  await expect.poll(() => plugged.sounding()).toEqual(['Ears']);

  await plugged.unplug('Ears');
  await expect(grace.status('“Ears” is gone. You now hear the call through the default speaker.')).toBeVisible();
  await expect.poll(() => plugged.sounding()).toEqual(['Wall']);
  await plugged.plugSpeaker('Ears');
  // Not before the browser can play through it again.
  await expect(grace.status('“Ears” is back: you hear the call through it.')).toBeVisible({ timeout: 30_000 });
  await expect.poll(() => plugged.sounding()).toEqual(['Ears']);
});

test('the last microphone unplugged: it is said, and one is heard again as soon as there is one', async ({
  ada,
  grace,
  plugged,
}) => {
  await plugged.unplug(HEADSET.name);
  await connect(ada, grace, 'audio');
  await expectTone(grace.page, DESK.hertz);
  await plugged.unplug(DESK.name);
  await expect(ada.status('Others can’t hear you')).toBeVisible();
  await plugged.plugMicrophone(HEADSET);
  await expect(ada.status('The others can hear you now')).toBeVisible();
  await expectTone(grace.page, HEADSET.hertz);
});
