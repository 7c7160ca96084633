import { problem } from '@parley/protocol';
import { ADA, ADA_AT, CountingIds, callView, FakeTransport, ManualClock, uuidOf, welcomeFor } from '@parley/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { ApiError } from '../src/api/api-error.ts';
import { CommandRunner } from '../src/commands/command-runner.ts';

const CALL = uuidOf(0xc1);
const CREATE = { teamId: uuidOf(1), channelId: null, callType: 'audio', recipientIds: [uuidOf(2)] } as const;
const body = { ...CREATE, recipientIds: [...CREATE.recipientIds] };

let clock: ManualClock;
let transport: FakeTransport;
let rest: { readonly name: string; readonly key: string }[];
let restAnswer: () => Promise<ReturnType<typeof callView>['call']>;
let runner: CommandRunner;

beforeEach(() => {
  clock = new ManualClock();
  transport = new FakeTransport();
  rest = [];
  restAnswer = async () => callView().call;
  runner = new CommandRunner({
    transport,
    clock,
    ids: new CountingIds(0x100),
    random: () => 0.5,
    api: {
      create: async (_body, key) => {
        rest.push({ name: 'create', key });
        return { status: 201, data: await restAnswer() };
      },
      command: (_callId, name, _body, key) => {
        rest.push({ name, key });
        return restAnswer();
      },
    },
  });
});

const online = () => transport.welcome(welcomeFor(ADA, ADA_AT));
const commands = () => transport.of('command');
const ack = (index = -1) =>
  transport.deliver({ t: 'ack', id: commands().at(index)?.id ?? '', status: 200, view: callView() });
const refuse = (code: 'call_ended' | 'database_unavailable' | 'rate_limited', retryAfterMs?: number) =>
  transport.deliver({
    t: 'error',
    ref: commands().at(-1)?.id ?? '',
    problem: problem(code),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });

describe('the way', () => {
  it('is the socket when it is open', async () => {
    online();
    const result = runner.create('lane', body);
    await clock.advance(0);
    expect(commands()).toMatchObject([{ name: 'create', body }]);
    ack();
    expect((await result).view).toEqual(callView());
    expect(rest).toEqual([]);
  });

  it('is REST otherwise, and the socket is told that the server can be reached', async () => {
    const result = await runner.run('decline', CALL, {});
    expect(result).toMatchObject({ view: null, call: { id: CALL } });
    expect(transport.nudges).toBe(1);
  });
});

describe('P41 an answer that was lost', () => {
  it('is asked for again under the same key over REST when the socket breaks', async () => {
    online();
    const result = runner.run('accept', CALL, {});
    await clock.advance(0);
    transport.become('offline');
    await clock.until(() => rest.length > 0, 'the command over REST');
    expect(rest[0]?.key).toBe(commands()[0]?.id);
    expect((await result).call.id).toBe(CALL);
  });

  it('is asked for again over the socket when it opens before the pause is over', async () => {
    restAnswer = async () => Promise.reject(new ApiError('network'));
    const result = runner.run('leave', CALL, {});
    await clock.advance(10);
    online();
    await clock.advance(0);
    expect(commands()[0]?.id).toBe(rest[0]?.key);
    ack();
    await result;
  });

  it('is asked for again when it does not come in time', async () => {
    online();
    const result = runner.run('leave', CALL, {});
    await clock.until(() => commands().length === 2, 'a second attempt');
    expect(commands()[1]?.id).toBe(commands()[0]?.id);
    ack();
    await result;
  });

  it('is waited for with growing pauses while nothing can be reached', async () => {
    restAnswer = async () => Promise.reject(new ApiError('network'));
    void runner.run('leave', CALL, {}).catch(() => undefined);
    await clock.advance(30_000);
    expect(rest.length).toBeGreaterThan(8);
    expect(rest.length).toBeLessThan(25);
    expect(new Set(rest.map(({ key }) => key)).size).toBe(1);
    runner.dispose();
  });
});

describe('errors', () => {
  it('of the user end it at once', async () => {
    online();
    const result = runner.run('accept', CALL, {});
    await clock.advance(0);
    refuse('call_ended');
    await expect(result).rejects.toMatchObject({ code: 'call_ended', category: 'user', status: 409 });
  });

  it('503 is tried again', async () => {
    online();
    const result = runner.run('accept', CALL, {});
    await clock.advance(0);
    refuse('database_unavailable');
    await clock.until(() => commands().length === 2, 'a second attempt');
    ack();
    await result;
  });

  it('429 is tried again after the time that the server names, but never for a new call', async () => {
    online();
    const late = runner.run('media-state', CALL, { isMuted: true, videoEnabled: false });
    await clock.advance(0);
    refuse('rate_limited', 3_000);
    await clock.advance(2_900);
    expect(commands()).toHaveLength(1);
    await clock.advance(200);
    ack();
    await late;
    const another = runner.create('lane', body);
    await clock.advance(0);
    refuse('rate_limited', 3_000);
    await expect(another).rejects.toMatchObject({ code: 'rate_limited', retryAfter: 3_000 });
  });

  it('500 is tried a few times only', async () => {
    restAnswer = async () => Promise.reject(new ApiError('internal'));
    const result = runner.run('leave', CALL, {});
    result.catch(() => undefined);
    await clock.advance(60_000);
    await expect(result).rejects.toMatchObject({ code: 'internal' });
    expect(rest).toHaveLength(4);
  });
});

it('runs the commands of a call one after the other, those of two calls side by side', async () => {
  online();
  const first = runner.run('accept', CALL, {});
  const second = runner.run('leave', CALL, {});
  void runner.run('decline', uuidOf(0xc2), {}).catch(() => undefined);
  await clock.advance(0);
  expect(commands().map(({ name }) => name)).toEqual(['accept', 'decline']);
  ack(0);
  await first;
  await clock.advance(0);
  expect(commands().map(({ name }) => name)).toEqual(['accept', 'decline', 'leave']);
  ack();
  await second;
  runner.dispose();
});

it('gives up a command that has become obsolete', async () => {
  restAnswer = async () => Promise.reject(new ApiError('network'));
  let over = false;
  const result = runner.run('media-connected', CALL, {}, () => over);
  result.catch(() => undefined);
  await clock.advance(1_000);
  over = true;
  await clock.advance(6_000);
  await expect(result).rejects.toMatchObject({ category: 'network' });
});

describe('somebody else signs in', () => {
  it('and what the one before had tapped is given up, not sent in the other’s name', async () => {
    online();
    const failed = expect(runner.run('leave', CALL, {})).rejects.toBeInstanceOf(ApiError);
    const queued = expect(runner.run('end', CALL, {})).rejects.toBeInstanceOf(ApiError);
    await clock.advance(0);
    expect(commands()).toHaveLength(1);
    runner.forget();
    await clock.advance(60_000);
    await Promise.all([failed, queued]);
    expect(commands()).toHaveLength(1);
    const result = runner.run('leave', CALL, {});
    await clock.advance(0);
    ack();
    await result;
  });
});
