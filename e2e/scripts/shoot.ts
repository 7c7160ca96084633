// Shoots the running product as two people see it, on phone and desktop, light and dark:
//   npm start, and then   node e2e/scripts/shoot.ts http://localhost:3000 OUT_FOLDER
// The gallery's pictures show every state; these show that the product gets into them.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type BrowserContextOptions, chromium as browserType } from '@playwright/test';
import { chromium } from '../support/chromium.ts';
import { Person } from '../support/person.ts';

const [url = '', out = ''] = process.argv.slice(2);
if (url === '' || out === '') {
  console.error('usage: shoot.ts URL OUT_FOLDER');
  process.exit(2);
}
mkdirSync(out, { recursive: true });

const shapes: Record<string, BrowserContextOptions> = {
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
  desktop: { viewport: { width: 1280, height: 800 } },
};
const browser = await browserType.launch(chromium({ devices: 'fake', autoplay: true }));
try {
  for (const [shape, size] of Object.entries(shapes)) {
    for (const colorScheme of ['light', 'dark'] as const) {
      await tour(`${shape}-${colorScheme}`, {
        ...size,
        colorScheme,
        permissions: ['microphone', 'camera'],
        reducedMotion: 'reduce',
      });
    }
  }
} finally {
  await browser.close();
}

async function tour(look: string, options: BrowserContextOptions): Promise<void> {
  const shoot = (person: Person, name: string) => person.page.screenshot({ path: join(out, `${name}-${look}.png`) });
  const stranger = await browser.newContext({ ...options, baseURL: url });
  const door = await stranger.newPage();
  for (const [path, name] of [
    ['/sign-in', 'sign-in'],
    ['/sign-up', 'sign-up'],
  ] as const) {
    await door.goto(path);
    await door.getByRole('textbox', { name: 'Email' }).waitFor();
    await door.screenshot({ path: join(out, `${name}-${look}.png`) });
  }
  await stranger.close();

  const ada = await Person.signIn(browser, url, 'Ada', options);
  const grace = await Person.signIn(browser, url, 'Grace', options);
  await shoot(ada, 'home');
  await ada.linkTo('general').click();
  await ada.page.getByRole('textbox', { name: 'Message' }).waitFor();
  await shoot(ada, 'channel');
  await ada.openProfile('Grace');
  await shoot(ada, 'profile');

  await ada.startCall('video', 'Grace');
  await grace.incoming('video').waitFor();
  await shoot(ada, 'calling');
  await shoot(grace, 'incoming');
  await grace.accept('video');
  await Promise.all([ada.expectInCall(), grace.expectInCall()]);
  // The picture fades in over the face.
  await ada.page.waitForFunction(() => [...document.querySelectorAll('video')].some((video) => video.currentTime > 2));
  await shoot(ada, 'call');
  await ada.leave();
  await ada.heading('Call ended').waitFor();
  await shoot(ada, 'summary');

  await ada.startCall('audio', 'Grace');
  await grace.incoming('audio').waitFor();
  await shoot(grace, 'incoming-audio');
  await grace.decline('audio');
  await ada.heading('Call declined').waitFor();
  await shoot(ada, 'declined');
  for (const [path, heading, name] of [
    ['/calls', 'Calls', 'calls'],
    ['/settings', 'Settings', 'settings'],
    ['/nowhere', 'There is nothing here', 'not-found'],
  ] as const) {
    await ada.page.goto(path);
    await ada.heading(heading).waitFor();
    await ada.page.waitForLoadState('networkidle');
    await shoot(ada, name);
  }
  await Promise.all([ada.context.close(), grace.context.close()]);
}
