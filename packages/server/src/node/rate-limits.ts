import { type RateLimiterAbstract, RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import type { CallLimits } from '../ports/call-limits.ts';
import { EdgeError } from '../ports/edge-error.ts';
import type { AccountLimits } from '../ports/rate-limits.ts';
import type { Redis } from './redis.ts';

/** The contract's limits and those around an account, counted in this process, or with a Redis for all nodes together. */
export function createRateLimits(redis: Redis | null = null): AccountLimits & CallLimits {
  const accounts = limiter(redis, 'sign-in-account', 10, 300);
  const addresses = limiter(redis, 'sign-in-address', 10, 300);
  const refreshTries = limiter(redis, 'refresh-address', 30, 300);
  const refreshes = limiter(redis, 'refresh-session', 20, 60);
  const linkTries = limiter(redis, 'call-link', 30, 300);
  const knocks = limiter(redis, 'knock', 20, 300);
  const pictures = limiter(redis, 'picture', 10, 300);
  const callers = limiter(redis, 'caller', 10, 60);
  const pairs = limiter(redis, 'pair', 5, 60);
  const invites = limiter(redis, 'invite', 20, 60);
  const metrics = limiter(redis, 'metrics', 60, 60);

  return {
    takeSignIn: (account, address) =>
      takeAll([
        [accounts, account],
        [addresses, networkOf(address)],
      ]),
    takeRefreshTry: async (address) => {
      await takeAll([[refreshTries, networkOf(address)]]);
    },
    takeRefresh: (sessionId) => takeAll([[refreshes, sessionId]]),
    takeLinkTry: (address) => takeAll([[linkTries, networkOf(address)]]),
    takeKnock: (address, account) => takeAll([[knocks, account ?? networkOf(address)]]),
    takePicture: (userId) => takeAll([[pictures, userId]]),
    takeNewCall: (userId, recipientIds) =>
      takeAll([
        [callers, userId],
        ...(recipientIds.length === 1 ? [[pairs, [userId, ...recipientIds].sort().join(':')] as const] : []),
      ]),
    takeInvite: async (userId) => {
      await takeAll([[invites, userId]]);
    },
    takeMetrics: async (userId) => {
      await takeAll([[metrics, userId]]);
    },
  };
}

/** So many `points` in `duration` seconds. While the Redis is away each process counts for itself: a limit is no reason to refuse. */
function limiter(redis: Redis | null, name: string, points: number, duration: number): RateLimiterAbstract {
  const options = { keyPrefix: `parley:${name}`, points, duration };
  const here = new RateLimiterMemory(options);
  if (redis === null) return here;
  return new RateLimiterRedis({
    ...options,
    storeClient: redis,
    useRedisPackage: true,
    rejectIfRedisNotReady: true,
    insuranceLimiter: here,
  });
}

type Counter = readonly [limiter: RateLimiterAbstract, key: string];

/** Counts in all of them or in none. @returns gives it all back */
async function takeAll(counters: readonly Counter[]): Promise<() => Promise<void>> {
  const taken: Counter[] = [];
  const giveBack = async () => {
    for (const [counted, key] of taken.splice(0)) await counted.reward(key);
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
