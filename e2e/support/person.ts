import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from '@playwright/test';
import { expect } from '@playwright/test';
import { demoSession } from './demo-session.ts';
import { installProbe } from './media.ts';

export type CallKind = 'audio' | 'video';
export type SignsIn = 'by button' | 'before';

/** Somebody of the demo team at a browser of their own, and what they do there, in the words of the screens. */
export class Person {
  readonly first: string;
  readonly context: BrowserContext;
  readonly page: Page;

  private constructor(first: string, context: BrowserContext, page: Page) {
    this.first = first;
    this.context = context;
    this.page = page;
  }

  /**
   * Opens a browser context and signs in: by the demo's button, which is a gesture too, or as somebody who has been here before, whose page
   * begins at home. That takes half as long.
   */
  static async signIn(
    browser: Browser,
    url: string,
    first: string,
    options: BrowserContextOptions,
    how: SignsIn = 'by button',
  ): Promise<Person> {
    const storageState = how === 'before' ? await stateOf(url, first, browser.version()) : undefined;
    const context = await browser.newContext({ ...options, baseURL: url, ...(storageState ? { storageState } : {}) });
    await context.addInitScript(installProbe);
    const page = await context.newPage();
    if (how === 'before') await page.goto('/');
    else {
      await page.goto('/sign-in');
      await page.getByRole('button', { name: `Continue as ${first}` }).click();
    }
    const person = new Person(first, context, page);
    await expect(person.linkTo('general')).toBeVisible();
    return person;
  }

  /** The link of a channel or a person: its name begins with theirs. */
  linkTo(name: string): Locator {
    return this.page.getByRole('link', { name: new RegExp(`^#?\\s*${name}`, 'i') }).first();
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  heading(name: string): Locator {
    return this.page.getByRole('heading', { name, exact: true });
  }

  status(text: string | RegExp): Locator {
    return this.page.getByText(text).first();
  }

  incoming(kind: CallKind): Locator {
    return this.page.getByRole('alertdialog', { name: `Incoming ${kind} call` });
  }

  get callRegion(): Locator {
    return this.page.getByRole('region', { name: 'Call', exact: true });
  }

  /** @param first whose tile in the call */
  tile(first: string): Locator {
    return this.page.getByRole('group', { name: new RegExp(`^${first}`) });
  }

  get timer(): Locator {
    return this.page.getByRole('timer');
  }

  async openProfile(of: string): Promise<void> {
    // To load the whole app again takes a second or two: only where the list of people is not to be seen.
    if (new URL(this.page.url()).pathname !== '/') await this.page.goto('/');
    await this.linkTo(of).click();
    await expect(this.page.getByRole('heading', { name: new RegExp(`^${of}`) })).toBeVisible();
  }

  async startCall(kind: CallKind, to: string): Promise<void> {
    await this.openProfile(to);
    await this.button(kind === 'audio' ? 'Audio call' : 'Video call').click();
    await expect(this.status('Ringing…')).toBeVisible();
  }

  async accept(kind: CallKind): Promise<void> {
    await this.incoming(kind).getByRole('button', { name: 'Accept', exact: true }).click();
  }

  async decline(kind: CallKind): Promise<void> {
    await this.incoming(kind).getByRole('button', { name: 'Decline', exact: true }).click();
  }

  /** Controls hide on the stage, and stay clickable. */
  async press(name: string): Promise<void> {
    await this.page.mouse.move(400, 300);
    await this.page.mouse.move(410, 310);
    await this.button(name).click();
  }

  async openChannel(name: string): Promise<void> {
    if (new URL(this.page.url()).pathname !== '/') await this.page.goto('/');
    await this.linkTo(name).click();
    await expect(this.page.getByRole('textbox', { name: 'Message' })).toBeVisible();
  }

  /** Starts the call of a channel: by its button, through the lobby. */
  async startGroup(kind: CallKind, channel: string): Promise<void> {
    await this.openChannel(channel);
    await this.button(kind === 'audio' ? 'Start audio call' : 'Start video call').click();
    await this.enter();
  }

  /** Into the call that runs in a channel. */
  async joinGroup(channel: string): Promise<void> {
    await this.openChannel(channel);
    await this.button('Join call').click();
    await this.enter();
  }

  /** From the lobby into the call. */
  async enter(): Promise<void> {
    await expect(this.page).toHaveURL(/\/(lobby|join)\//);
    await this.button('Join call').click();
    await this.expectInCall();
  }

  /** What can be done with somebody's tile. @param first whose */
  async choose(first: string, option: string): Promise<void> {
    await this.page
      .getByRole('button', { name: new RegExp(`^Options for ${first}`) })
      .first()
      .click();
    await this.button(option).click();
  }

  async leave(): Promise<void> {
    await this.press('Leave call');
  }

  async endForEveryone(): Promise<void> {
    await this.press('End call for everyone');
    await this.button('End for everyone').click();
  }

  async expectInCall(): Promise<void> {
    await expect(this.callRegion).toBeVisible();
    await expect(this.timer).toBeVisible({ timeout: 30_000 });
  }
}

/** What a browser keeps of somebody of the demo team who has signed in. */
async function stateOf(url: string, first: string, version: string): Promise<BrowserContextOptions['storageState']> {
  // The list of sessions names the browser.
  const agent = `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${version} Safari/537.36`;
  const session = await demoSession(url, first, { 'user-agent': agent });
  const localStorage = [{ name: 'parley.session', value: JSON.stringify(session) }];
  return { cookies: [], origins: [{ origin: new URL(url).origin, localStorage }] };
}
