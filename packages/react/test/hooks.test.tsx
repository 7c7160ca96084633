import type { ChatSnapshot, ClientSnapshot, ParleyClient } from '@parley/client';
import { renderToString } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { ParleyProvider, useActiveCall, useChannelMessages, useClientSnapshot, useParley } from '../src/index.ts';
import { selector } from '../src/select.ts';

const SNAPSHOT: ClientSnapshot = {
  session: 'signed_in',
  connection: 'online',
  stopped: null,
  isGuest: false,
  others: [],
  channelCalls: new Map(),
  me: { id: 'ada', displayName: 'Ada' },
  incoming: [],
  active: null,
  summaries: [],
  notices: [],
  presence: new Map(),
  unreadCalls: 2,
  unseenCalls: ['c1', 'c2'],
  doNotDisturb: false,
  measured: new Map(),
};
const CHAT: ChatSnapshot = { teams: null, members: new Map(), channels: new Map(), messages: new Map() };

const client = {
  snapshot: () => SNAPSHOT,
  subscribe: () => () => undefined,
  chat: { snapshot: () => CHAT, subscribe: () => () => undefined, openChannel: () => () => undefined },
} as unknown as ParleyClient;

const draw = (Component: () => string) =>
  renderToString(
    <ParleyProvider client={client}>
      <Component />
    </ParleyProvider>,
  );

const Outside = () => String(useActiveCall());

describe('hooks', () => {
  it('give what was selected of the snapshot', () => {
    expect(draw(() => useClientSnapshot(({ me, unreadCalls }) => `${me?.displayName} ${unreadCalls}`))).toBe('Ada 2');
    expect(draw(() => String(useActiveCall()))).toBe('null');
    expect(draw(() => String(useParley() === client))).toBe('true');
  });

  it('say of a channel that has not been read yet that it is loading', () => {
    expect(draw(() => JSON.stringify(useChannelMessages('general').loading))).toBe('true');
  });

  it('throw outside the provider', () => {
    expect(() => renderToString(<Outside />)).toThrow('ParleyProvider is missing');
  });
});

describe('what was selected', () => {
  const entry = { id: 1 };
  const snapshots = [
    { list: [entry], map: new Map(), other: 1 },
    { list: [entry], map: new Map(), other: 2 },
  ] as const;
  const twice = <T,>(select: (snapshot: (typeof snapshots)[number]) => T): readonly [T, T] => {
    const read = selector<(typeof snapshots)[number], T>();
    return [read(snapshots[0], select), read(snapshots[1], select)];
  };

  it('is the same object while its entries are the same', () => {
    const [first, second] = twice(({ list }) => list.map((item) => item));
    expect(second).toBe(first);
    const [before, after] = twice(({ list }) => ({ list: list[0] }));
    expect(after).toBe(before);
  });

  it('is new when an entry is', () => {
    const [first, second] = twice(({ other }) => ({ other }));
    expect(second).not.toBe(first);
    const [before, after] = twice(({ map }) => map);
    expect(after).not.toBe(before);
  });

  it('is not asked for again while the snapshot and the question are the same', () => {
    let asked = 0;
    const select = () => {
      asked += 1;
      return [];
    };
    const read = selector<(typeof snapshots)[number], readonly never[]>();
    expect(read(snapshots[0], select)).toBe(read(snapshots[0], select));
    expect(asked).toBe(1);
  });
});
