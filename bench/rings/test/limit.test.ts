import { describe, expect, it } from 'vitest';
import { limitOf, type Use } from '../limit.ts';

const idle: Use = { cores: 2, idle: 1, postgres: 0.4, nodes: [0.4], redis: 0, bench: 0.2, waits: { working: 1 } };

describe('the limit of rings', () => {
  it('is the thread of a server that has a core all the time', () => {
    expect(limitOf({ ...idle, nodes: [0.95, 0.3] })).toMatch(/^the server's one thread .*95 % and 30 %/);
  });

  it('is the bench where its own process is full: then nothing was found of Parley', () => {
    expect(limitOf({ ...idle, bench: 0.97 })).toMatch(/^the bench's own process, not Parley/);
  });

  it('is the machine where hardly anything of it is idle', () => {
    expect(limitOf({ ...idle, idle: 0.1, postgres: 0.85 })).toMatch(/^the machine's 2 cores \(Postgres 85 %/);
  });

  it('is what busy backends wait for, and not that they wait for the next command', () => {
    const locks = { working: 0.4, 'Lock:transactionid': 0.5, 'IO:WALSync': 0.1 };
    expect(limitOf({ ...idle, waits: locks })).toMatch(/^locks: 50 % .* Lock:transactionid/);
    expect(limitOf({ ...idle, waits: { working: 0.5, 'IO:WALSync': 0.5 } })).toMatch(/^the disk/);
    expect(limitOf({ ...idle, waits: { 'Client:ClientRead': 1 } })).toMatch(/^the way there and back/);
  });
});
