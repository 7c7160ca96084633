import type { Page } from 'playwright-core';
import { button, pressOnStage, rest } from '../lib/pair.ts';
import type { World } from '../lib/world.ts';

const GIVE_UP_MS = 60_000;

/** A group with Ada in it, who sends sound and a picture, and Grace, who comes in and goes again. */
export interface Side {
  readonly ada: Page;
  readonly grace: Page;
  /** Ada goes in, where she is not yet. */
  open(): Promise<void>;
  /** Ada goes out, and the pages go: whoever measures the other side wants their core. */
  close(): Promise<void>;
  /** Grace stands before the door. */
  approach(): Promise<void>;
  /** Grace taps. */
  join(): Promise<void>;
  leave(): Promise<void>;
}

/** @param how Grace comes through the lobby, or accepts a call of the group that rang */
export async function parleySides(world: World): Promise<{ cold: Side; ahead: Side }> {
  const [ada, grace] = [await world.signIn('caller', 'Ada'), await world.signIn('callee', 'Grace')];
  const ids = await idsOf(ada);
  let callId: string | null = null;
  const toChannel = async (page: Page) => {
    await page.goto(world.url);
    await page
      .getByRole('link', { name: /^#?\s*general/ })
      .first()
      .click();
  };
  const enterLobby = async (page: Page) => {
    await page.waitForURL(/\/lobby\//);
    await button(page, 'Join call').waitFor();
    // The parts of the page that a group needs are fetched while one looks at oneself.
    await page.waitForLoadState('networkidle', { timeout: 5_000 }).catch(() => undefined);
  };
  const shared = {
    ada,
    grace,
    open: async () => {
      if (callId !== null) return;
      await toChannel(ada);
      await button(ada, 'Start video call').click();
      await enterLobby(ada);
      await button(ada, 'Join call').click();
      await ada.getByRole('timer').waitFor({ timeout: GIVE_UP_MS });
      callId = new URL(ada.url()).pathname.split('/').at(-1) ?? null;
      await connected(ada);
    },
    close: async () => {
      if (callId !== null) {
        callId = null;
        await pressOnStage(ada, 'Leave call');
        await closed(ada);
      }
      await rest(ada, grace);
    },
    leave: async () => {
      await pressOnStage(grace, 'Leave call');
      await closed(grace);
    },
  };
  return {
    cold: {
      ...shared,
      approach: async () => {
        await toChannel(grace);
        await button(grace, 'Join call').click({ timeout: GIVE_UP_MS });
        await enterLobby(grace);
      },
      join: () => button(grace, 'Join call').click(),
    },
    ahead: {
      ...shared,
      approach: async () => {
        await toChannel(grace);
        await ada.evaluate(invite, { callId: callId ?? '', token: ids.token, userId: ids.grace });
        await button(grace, 'Accept').waitFor({ timeout: GIVE_UP_MS });
        await connected(grace);
      },
      join: () => button(grace, 'Accept').click(),
    },
  };
}

export async function bareSide(world: World): Promise<Side> {
  const [ada, grace] = [
    await world.bareGroup('caller', 'ada', '&video=1'),
    await world.bareGroup('callee', 'grace', '&video=1'),
  ];
  const state = (page: Page, wanted: string) =>
    page.waitForFunction((text) => document.getElementById('state')?.textContent === text, wanted);
  const addresses = new Map([ada, grace].map((page) => [page, page.url()]));
  const load = async (page: Page) => {
    await page.goto(addresses.get(page) ?? '');
    await state(page, 'idle');
  };
  let isIn = false;
  return {
    ada,
    grace,
    open: async () => {
      if (isIn) return;
      await load(ada);
      await ada.click('#join');
      await state(ada, 'in call');
      isIn = true;
    },
    close: async () => {
      if (isIn) {
        isIn = false;
        await ada.click('#leave');
        await state(ada, 'idle');
      }
      await rest(ada, grace);
    },
    approach: async () => {
      await load(grace);
    },
    join: () => grace.click('#join'),
    leave: async () => {
      await state(grace, 'in call');
      await grace.click('#leave');
      await state(grace, 'idle');
    },
  };
}

const connected = (page: Page) =>
  page.waitForFunction(() => [...window.benchProbe.peers].some((peer) => peer.connectionState === 'connected'), null, {
    timeout: GIVE_UP_MS,
  });
const closed = (page: Page) =>
  page.waitForFunction(() => [...window.benchProbe.peers].every((peer) => peer.connectionState === 'closed'), null, {
    timeout: GIVE_UP_MS,
  });

/** Ada's token for requests beside the page's own, and who Grace is. */
function idsOf(page: Page): Promise<{ token: string; grace: string }> {
  return page.evaluate(async () => {
    const signIn = async (first: string) => {
      const body = JSON.stringify({ email: `${first}@acme.test`, password: 'parley-demo' });
      const headers = { 'content-type': 'application/json' };
      return (await fetch('/api/auth/sign-in', { method: 'POST', headers, body })).json();
    };
    return { token: (await signIn('ada')).accessToken, grace: (await signIn('grace')).user.id };
  });
}

async function invite({ callId, token, userId }: { callId: string; token: string; userId: string }): Promise<void> {
  const answer = await fetch(`/api/calls/${callId}/invite`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'idempotency-key': crypto.randomUUID(),
      'x-device-id': crypto.randomUUID(),
    },
    body: JSON.stringify({ userIds: [userId] }),
  });
  if (!answer.ok) throw new Error(`Grace could not be called: ${answer.status} ${await answer.text()}`);
}
