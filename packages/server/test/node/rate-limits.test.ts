import { describe, expect, it } from 'vitest';
import { createRateLimits } from '../../src/node/rate-limits.ts';

describe('new calls', () => {
  const limited = { code: 'rate_limited', retryAfter: expect.any(Number) };
  const people = (count: number) => Array.from({ length: count }, () => crypto.randomUUID());

  it('ten a minute for a person', async () => {
    const limits = createRateLimits();
    const [caller = '', ...others] = people(12);
    for (const other of others.slice(0, 10)) await limits.takeNewCall(caller, [other]);
    await expect(limits.takeNewCall(caller, others.slice(10))).rejects.toMatchObject(limited);
  });

  it('five a minute for a pair, whoever of the two calls', async () => {
    const limits = createRateLimits();
    const [one = '', two = '', three = ''] = people(3);
    for (let i = 0; i < 5; i += 1) await limits.takeNewCall(i % 2 ? one : two, [i % 2 ? two : one]);
    await expect(limits.takeNewCall(one, [two])).rejects.toMatchObject(limited);
    await limits.takeNewCall(one, [three]);
  });

  it('a call that is given back has not been counted, nor has one that was refused', async () => {
    const limits = createRateLimits();
    const [one = '', two = '', ...others] = people(12);
    for (let i = 0; i < 20; i += 1) await (await limits.takeNewCall(one, [two]))();
    for (let i = 0; i < 5; i += 1) await limits.takeNewCall(one, [two]);
    for (let i = 0; i < 3; i += 1) await expect(limits.takeNewCall(one, [two])).rejects.toMatchObject(limited);
    for (const other of others.slice(0, 5)) await limits.takeNewCall(one, [other]);
    await expect(limits.takeNewCall(one, others.slice(5, 6))).rejects.toMatchObject(limited);
  });
});
