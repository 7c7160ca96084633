import { createHmac } from 'node:crypto';
import type { MediaCredentials } from '@parley/protocol';
import { expect, it } from 'vitest';
import type { Answer } from '../support/edge-stage.ts';
import { cell, expectedOf, NOTHING, type PersonKind, permissionTable } from '../support/permission-tables.ts';
import { forEachPerson, isSignedIn, type SignedIn, TURN_SECRET, type World } from '../support/permission-world.ts';

type Ask = (w: World, kind: PersonKind) => Promise<string>;

const token = (w: World, kind: PersonKind, callId: string) =>
  w.askAs<MediaCredentials>(kind, 'POST', `/api/calls/${callId}/token`, {});

/** `turn`, or the status of the refusal; anything that is wrong with a credential in words. */
function read(w: World, answer: Answer<MediaCredentials>, userId: string | undefined): string {
  const { clock } = w.edge;
  if (answer.status !== 200) return JSON.stringify(answer.body).includes('credential') ? 'leaks' : `${answer.status}`;
  const relays = answer.body.iceServers.filter(({ urls }) => urls.some((url) => url.startsWith('turn')));
  for (const { username = '', credential } of relays) {
    const [expiry, name] = username.split(':');
    if (name !== userId) return 'names somebody else';
    const left = Number(expiry) - (clock.now() + clock.skewMs()) / 1000;
    if (!(left > 0 && left <= 3_600)) return `is good for ${left} s`;
    if (credential !== createHmac('sha1', TURN_SECRET).update(username).digest('base64')) return 'has another HMAC';
  }
  return relays.length > 0 && answer.body.token === null ? 'turn' : 'no turn';
}

const fixed =
  (call: (w: World, kind: SignedIn) => string | null): Ask =>
  async (w, kind) => {
    const callId = call(w, isSignedIn(kind) ? kind : 'member');
    if (callId === null) return NOTHING;
    return read(w, await token(w, kind, callId), isSignedIn(kind) ? w.people[kind].id : undefined);
  };

const live =
  (role: 'caller' | 'called', stage: 'ringing' | 'running'): Ask =>
  async (w, kind) => {
    if (!isSignedIn(kind)) return fixed(({ othersCall }) => othersCall)(w, kind);
    const answer = await w.withCall(kind, role, stage, ({ callId }) => token(w, kind, callId));
    return answer === null ? NOTHING : read(w, answer, w.people[kind].id);
  };

const PROBES: Readonly<Record<string, Ask>> = {
  'token-called': live('called', 'ringing'),
  'token-caller': live('caller', 'ringing'),
  'token-running': live('called', 'running'),
  'token-over': fixed((w, kind) => w.over[kind]),
  'token-others': fixed((w) => w.othersCall),
  'token-group': fixed((w) => w.liveGroup),
};

export function mediaSuite(world: () => World): void {
  for (const row of permissionTable('Media')) {
    it(`${cell(row, 'id')}: ${cell(row, 'of what')}`, async () => {
      const probe = PROBES[cell(row, 'id')];
      expect(probe, 'nobody knows how to ask for this').toBeDefined();
      expect(await forEachPerson(async (kind) => (await probe?.(world(), kind)) ?? '')).toEqual(expectedOf(row));
    });
  }
}
