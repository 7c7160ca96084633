import { z } from 'zod';

/** How each variable is read, and what it must be, said so that it fits after its name. */
interface Variable<S extends z.ZodType> {
  readonly schema: S;
  readonly must: string;
}
const variable = <S extends z.ZodType>(schema: S, must: string): Variable<S> => ({ schema, must });

const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .pipe(z.number().min(min).max(max));
const milliseconds = (min: number, max: number) =>
  variable(wholeNumber(min, max).optional(), `must be a whole number of milliseconds from ${min} to ${max}`);
const url = (...protocols: string[]) =>
  z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol));
/** Whether it is `scheme://host[:port]` and no more. */
function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, pathname, search } = new URL(text);
  return /^https?:$/.test(protocol) && pathname === '/' && search === '';
}
const list = (schemes: RegExp) =>
  z
    .string()
    .transform((text) => text.split(',').map((part) => part.trim()))
    .pipe(z.array(z.string().regex(schemes)).min(1));
const secret = (length: number) =>
  variable(z.string().min(length).optional(), `must have ${length} characters or more`);
/** With its port, where it is not the usual one. */
const iceHost = String.raw`(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?`;
const text = variable(z.string().optional(), 'must be a text');

/** Each person takes two, and two more where a STUN server is asked for the address. */
const LEAST_MEDIA_PORTS = 100;

export const VARIABLES = {
  PORT: variable(wholeNumber(0, 65_535).default(3000), 'must be a whole number from 0 to 65535'),
  HOST: variable(
    z
      .string()
      .regex(/^[A-Za-z0-9.:_-]{1,253}$/)
      .default('127.0.0.1'),
    'must be an address or a name of this machine, such as 127.0.0.1 or 0.0.0.0',
  ),
  PUBLIC_URL: variable(
    z
      .string()
      .refine(isOrigin)
      .transform((address) => new URL(address).origin)
      .optional(),
    'must be an origin without a path, such as https://calls.example.org',
  ),
  TRUST_PROXY: variable(
    z
      .union([wholeNumber(0, 16), z.literal('true').transform(() => 1), z.literal('false').transform(() => 0)])
      .default(0),
    'must be the number of proxies in front of the server, from 0 to 16',
  ),
  PARLEY_DATA_DIR: variable(z.string().default('.data'), 'must be a folder'),
  PARLEY_CACHE_DIR: text,
  PARLEY_WEB_DIR: text,
  PARLEY_DEMO: variable(
    z
      .enum(['0', '1', 'true', 'false'])
      .transform((value) => value === '1' || value === 'true')
      .optional(),
    'must be 0 or 1',
  ),
  DATABASE_URL: variable(url('postgres:', 'postgresql:').optional(), 'must begin with postgres:// or postgresql://'),
  REDIS_URL: variable(url('redis:', 'rediss:').optional(), 'must begin with redis:// or rediss://'),
  LIVEKIT_URL: variable(
    url('ws:', 'wss:', 'http:', 'https:').optional(),
    'must begin with ws://, wss://, http:// or https://',
  ),
  LIVEKIT_PUBLIC_URL: variable(url('ws:', 'wss:').optional(), 'must begin with ws:// or wss://'),
  PARLEY_LIVEKIT: variable(z.enum(['auto', 'off']).default('auto'), 'must be auto or off'),
  PARLEY_MEDIA_UDP_PORTS: variable(
    z
      .string()
      .regex(/^\d{4,5}-\d{4,5}$/)
      .transform((text) => {
        const [from = 0, to = 0] = text.split('-').map(Number);
        return { from, to };
      })
      .refine(({ from, to }) => from >= 1024 && to <= 65_535 && to - from >= LEAST_MEDIA_PORTS - 1)
      .optional(),
    `must be a range of ${LEAST_MEDIA_PORTS} ports or more from 1024 to 65535, such as 50000-60000`,
  ),
  PARLEY_LIVEKIT_RELEASES: variable(url('http:', 'https:').optional(), 'must begin with http:// or https://'),
  LIVEKIT_API_KEY: text,
  LIVEKIT_API_SECRET: secret(1),
  AGORA_APP_ID: variable(
    z
      .string()
      .regex(/^[0-9a-f]{32}$/i)
      .optional(),
    'must be 32 hexadecimal digits',
  ),
  AGORA_APP_CERTIFICATE: variable(
    z
      .string()
      .regex(/^[0-9a-f]{32}$/i)
      .optional(),
    'must be 32 hexadecimal digits',
  ),
  AUTH_JWKS_URL: variable(url('http:', 'https:').optional(), 'must begin with http:// or https://'),
  AUTH_JWT_SECRET: secret(32),
  AUTH_ISSUER: text,
  AUTH_AUDIENCE: text,
  TURN_URLS: variable(
    // RFC 7064 and RFC 7065, narrowly: one address that a browser cannot read costs it all calls.
    list(new RegExp(`^(?:stuns?:${iceHost}|turns?:${iceHost}(?:\\?transport=(?:udp|tcp))?)$`)).optional(),
    'must be addresses such as stun:turn.example.org or turn:turn.example.org:3478?transport=udp, separated by commas',
  ),
  TURN_SECRET: secret(1),
  PARLEY_RING_TIMEOUT_MS: milliseconds(100, 600_000),
  PARLEY_HEARTBEAT_MS: milliseconds(50, 300_000),
  PARLEY_LEASE_MS: milliseconds(100, 900_000),
  PARLEY_CORS_ORIGINS: variable(
    z
      .string()
      .transform((addresses) => addresses.split(',').map((part) => part.trim()))
      .pipe(z.array(z.string().refine(isOrigin)).max(50))
      .transform((addresses) => addresses.map((address) => new URL(address).origin))
      .optional(),
    'must be origins without a path, such as https://app.example.org, separated by commas',
  ),
  PARLEY_RATE_LIMITS: variable(z.enum(['on', 'off']).default('on'), 'must be on or off'),
  PARLEY_LOG: variable(
    z.enum(['debug', 'info', 'warn', 'error', 'silent']).optional(),
    'must be debug, info, warn, error or silent',
  ),
  NODE_ENV: text,
} as const;

export type Variables = { [K in keyof typeof VARIABLES]: z.output<(typeof VARIABLES)[K]['schema']> };
