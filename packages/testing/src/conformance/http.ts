import { setTimeout as pause } from 'node:timers/promises';
import { Broken, hold, same, shown } from './broken.ts';
import { type Call, callOf, codeOf } from './wire.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Null where there was none; a text where it was no JSON. */
  readonly body: unknown;
}

export interface Ask {
  readonly token?: string | null;
  readonly body?: unknown;
  /** Sent as it is, instead of `body`. */
  readonly raw?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Takes a 429 for an answer. */
  readonly impatient?: boolean;
}

/** How long an answer may take, in milliseconds: a machine that is busy is not a broken contract. */
const ANSWER_MS = 30_000;
/** Longest `Retry-After` that is waited for, in seconds: sign-in tries are counted over five minutes. */
const LONGEST_RETRY_S = 310;

/** REST of one deployment. Whoever is told 429 with `Retry-After` waits so long and asks again. */
export class Http {
  readonly origin: string;
  readonly #signal: AbortSignal;

  constructor(origin: string, signal: AbortSignal) {
    this.origin = origin;
    this.#signal = signal;
  }

  async ask(method: string, path: string, ask: Ask = {}): Promise<Answer> {
    for (;;) {
      const answer = await this.#once(method, path, ask);
      const seconds = Number(answer.headers.get('retry-after') ?? Number.NaN);
      const waits = answer.status === 429 && seconds >= 0 && seconds <= LONGEST_RETRY_S;
      if (!waits || ask.impatient) return answer;
      await pause(seconds * 1000, undefined, { signal: this.#signal });
    }
  }

  async #once(method: string, path: string, { token, body, raw, headers = {} }: Ask): Promise<Answer> {
    const sent = raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const response = await fetch(`${this.origin}${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token == null ? {} : { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(sent === undefined ? {} : { body: sent }),
      signal: AbortSignal.any([this.#signal, AbortSignal.timeout(ANSWER_MS)]),
    }).catch((error: unknown) => {
      throw new Broken(`${method} ${path} was not answered: ${whyOf(error)}`);
    });
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    if (!isJson) return { status: response.status, headers: response.headers, body: text === '' ? null : text };
    try {
      return { status: response.status, headers: response.headers, body: JSON.parse(text) };
    } catch {
      throw new Broken(`${method} ${path} says that it is JSON, and is none: ${shown(text)}`);
    }
  }
}

/** The reason that a fetch hides in its cause. */
function whyOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  const inner = cause instanceof Error ? cause : error;
  return inner.message || ('code' in inner ? String(inner.code) : inner.name);
}

/** @throws Broken unless the answer has one of these statuses */
export function took(answer: Answer, statuses: readonly number[], what: string): unknown {
  const { status, body } = answer;
  hold(statuses.includes(status), `${what}: expected ${statuses.join(' or ')}, got ${status} ${shown(body)}`);
  return body;
}

export const tookCall = (answer: Answer, statuses: readonly number[], what: string): Call =>
  callOf(took(answer, statuses, what));

/** @throws Broken unless it is a problem document with this status and stable code */
export function refused(answer: Answer, status: number, code: string, what: string): void {
  const type = answer.headers.get('content-type') ?? '';
  hold(answer.status >= 400, `${what}: expected ${status} ${code}, got ${answer.status} ${shown(answer.body)}`);
  hold(type.startsWith('application/problem+json'), `${what}: a refusal is a problem document, this is ${type}`);
  same([answer.status, codeOf(answer.body)], [status, code], what);
}
