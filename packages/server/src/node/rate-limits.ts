import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { CallLimits } from '../ports/call-limits.ts';
import { EdgeError } from '../ports/edge-error.ts';
import type { SignInLimits } from '../ports/rate-limits.ts';

/** The contract's limits, counted in this process. */
export function createRateLimits(): SignInLimits & CallLimits {
  const accounts = new RateLimiterMemory({ keyPrefix: 'sign-in-account', points: 10, duration: 300 });
  const addresses = new RateLimiterMemory({ keyPrefix: 'sign-in-address', points: 10, duration: 300 });
  const callers = new RateLimiterMemory({ keyPrefix: 'caller', points: 10, duration: 60 });
  const pairs = new RateLimiterMemory({ keyPrefix: 'pair', points: 5, duration: 60 });

  return {
    takeSignIn: (account, address) =>
      takeAll([
        [accounts, account],
        [addresses, networkOf(address)],
      ]),
    takeNewCall: (userId, recipientIds) =>
      takeAll([
        [callers, userId],
        ...(recipientIds.length === 1 ? [[pairs, [userId, ...recipientIds].sort().join(':')] as const] : []),
      ]),
  };
}

type Counter = readonly [limiter: RateLimiterMemory, key: string];

/** Counts in all of them or in none. @returns gives it all back */
async function takeAll(counters: readonly Counter[]): Promise<() => Promise<void>> {
  const taken: Counter[] = [];
  const giveBack = async () => {
    for (const [limiter, key] of taken.splice(0)) await limiter.reward(key);
  };
  for (const counter of counters) {
    try {
      await counter[0].consume(counter[1]);
      taken.push(counter);
    } catch (error) {
      await giveBack();
      if (!(error instanceof RateLimiterRes)) throw error;
      throw new EdgeError('rate_limited', { retryAfter: error.msBeforeNext / 1000 });
    }
  }
  return giveBack;
}

/** One household has a whole IPv6 /64 (RFC 6177): it counts as one address. */
export function networkOf(address: string): string {
  const v4 = /^(?:::ffff:)?(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (v4 !== undefined) return v4;
  const [head = '', tail] = address.toLowerCase().split('%', 1).join('').split('::');
  const groups = head === '' ? [] : head.split(':');
  const tailGroups = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - groups.length - tailGroups.length);
  return [...groups, ...Array<string>(zeros).fill('0'), ...tailGroups].slice(0, 4).join(':');
}
