import { z } from 'zod';

/** A generator of numbers in [0, 1) that gives the same ones for the same seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export interface Hostile {
  readonly random: () => number;
  below(n: number): number;
  pick<T>(values: readonly T[]): T;
  /** A value that fits the schema, more or less: ids are taken from those that exist. */
  sample(schema: z.ZodType): unknown;
  /** The same with one to three things wrong with it. */
  mutated(value: unknown): unknown;
  /** JSON of it, at times broken in the middle. */
  text(value: unknown): string;
  value(): unknown;
}

const LONG = 'x'.repeat(70_000);

const STRINGS: readonly string[] = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\udfff\ud800',
  '\u202e\u2066abc',
  'e\u0301'.repeat(50),
  '🤝🏽'.repeat(100),
  "' or 1=1 --",
  '"; drop table public.teams; --',
  '$1',
  '%s%n',
  '../../etc/passwd',
  '..\\..\\x',
  '<script>alert(1)</script>',
  '{{7*7}}',
  'null',
  'undefined',
  'NaN',
  '-1',
  '1e309',
  '0x10',
  '9'.repeat(400),
  'x'.repeat(4_001),
  LONG,
  '__proto__',
  'constructor',
  'toString',
  '\r\nSet-Cookie: a=b',
  'infinity',
  '2026-02-30T25:61:61Z',
  '{"a":',
  '[]',
  '\\',
  '\\u0000',
  '00000000-0000-0000-0000-000000000000',
  'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF',
  '0000000-0000-4000-8000-00000000000g',
];
const NUMBERS: readonly number[] = [
  0,
  -0,
  -1,
  1.5,
  1e-7,
  2 ** 31,
  -(2 ** 31) - 1,
  2 ** 53,
  2 ** 63,
  1e308,
  999_999_999,
  1_000_000_000,
  Number.MIN_VALUE,
];

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

type JsonSchema = { readonly [key: string]: unknown };

export function createHostile(random: () => number, ids: () => readonly string[]): Hostile {
  const below = (n: number) => Math.floor(random() * n);
  const pick = <T>(values: readonly T[]): T => values[below(values.length)] as T;
  const schemas = new Map<z.ZodType, JsonSchema>();

  function value(): unknown {
    switch (below(9)) {
      case 0:
        return null;
      case 1:
        return random() < 0.5;
      case 2:
      case 3:
        return pick(NUMBERS);
      case 4:
        return [value(), value()];
      case 5:
        return Object.fromEntries([[pick(STRINGS).slice(0, 50), value()]]);
      case 6:
        return Array.from({ length: below(1_200) }, () => pick(ids()));
      default:
        return pick(STRINGS);
    }
  }

  function fromJsonSchema(schema: JsonSchema): unknown {
    const { type, properties, required, items, anyOf, oneOf, enum: allowed, additionalProperties } = schema;
    const options = (anyOf ?? oneOf) as JsonSchema[] | undefined;
    if (options !== undefined) return fromJsonSchema(pick(options));
    if ('const' in schema) return schema.const;
    if (Array.isArray(allowed)) return pick(allowed);
    switch (type) {
      case 'object': {
        const needed = new Set(required as string[] | undefined);
        const made = Object.entries((properties ?? {}) as Record<string, JsonSchema>)
          .filter(([name]) => needed.has(name) || random() < 0.5)
          .map(([name, of]) => [name, fromJsonSchema(of)]);
        if (isObject(additionalProperties) && random() < 0.7)
          made.push([pick(ids()), fromJsonSchema(additionalProperties)]);
        return Object.fromEntries(made);
      }
      case 'array':
        return Array.from({ length: below(3) }, () => fromJsonSchema(items as JsonSchema));
      case 'integer':
      case 'number':
        return below(5);
      case 'boolean':
        return random() < 0.5;
      case 'null':
        return null;
      case 'string':
        return string(schema);
      default:
        return {};
    }
  }

  function string({ format, pattern, maxLength }: JsonSchema): string {
    if (format === 'uuid' || (typeof pattern === 'string' && /^\^?\(?\[0-9a-f/i.test(pattern))) return pick(ids());
    if (typeof pattern === 'string' && pattern.includes('call|channel|team')) {
      return `${pick(['call', 'channel', 'team'])}:${pick(ids())}`;
    }
    if (format === 'email') return `somebody${below(1_000)}@example.test`;
    const text = pick(['general', 'Hello there', 'Ünïcode ✨', 'a', pick(ids())]);
    return typeof maxLength === 'number' ? text.slice(0, maxLength) : text;
  }

  /** Changes something at a random depth. */
  function change(target: unknown, depth = 0): unknown {
    if (Array.isArray(target) && target.length > 0 && depth < 4 && random() < 0.6) {
      const at = below(target.length);
      return target.map((item, index) => (index === at ? change(item, depth + 1) : item));
    }
    if (isObject(target) && depth < 4) {
      const names = Object.keys(target);
      const name = names.length === 0 ? 'x' : pick(names);
      switch (below(6)) {
        case 0: {
          const { [name]: _gone, ...rest } = target;
          return rest;
        }
        case 1:
          return { ...target, [pick(STRINGS).slice(0, 40)]: value() };
        case 2:
          // An own property of that name, as JSON.parse makes it.
          return JSON.parse(`${JSON.stringify(target).slice(0, -1)}${names.length > 0 ? ',' : ''}"__proto__":{"a":1}}`);
        default:
          return { ...target, [name]: change(target[name], depth + 1) };
      }
    }
    return value();
  }

  return {
    random,
    below,
    pick,
    value,
    sample(schema) {
      let known = schemas.get(schema);
      if (known === undefined) {
        known = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
        schemas.set(schema, known);
      }
      return fromJsonSchema(known);
    },
    mutated(original) {
      let changed = original;
      for (let i = below(3); i >= 0; i -= 1) changed = change(changed);
      return changed;
    },
    text(of) {
      const text = JSON.stringify(of) ?? '';
      const at = below(text.length + 1);
      switch (below(12)) {
        case 0:
          return text.slice(0, at);
        case 1:
          return `${text.slice(0, at)}${pick(STRINGS).slice(0, 100)}${text.slice(at)}`;
        case 2:
          return `${'['.repeat(1 + below(9_000))}${text}`;
        case 3:
          return `${text}${text}`;
        default:
          return text;
      }
    },
  };
}
