import { Problem } from '@parley/protocol';
import type { Clock, Fetch } from '../ports/platform.ts';
import { ApiError } from './api-error.ts';

/** A schema of `@parley/protocol`, as far as it is used here. */
export interface Schema<T> {
  safeParse(value: unknown): { success: true; data: T } | { success: false };
}

export interface HttpRequest<T> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** From `/api` on. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Instead of `body`: bytes as they are. */
  readonly bytes?: { readonly type: string; readonly data: Uint8Array<ArrayBuffer> };
  /** Goes on when the page is left (Fetch, keepalive); for small bodies. */
  readonly keepalive?: boolean;
  /** Absent where the answer has no body worth reading. */
  readonly schema?: Schema<T>;
}

export interface HttpBytes {
  readonly type: string;
  readonly data: Uint8Array<ArrayBuffer>;
}

export interface HttpAnswer<T> {
  readonly status: number;
  readonly data: T;
}

const TIMEOUT_MS = 15_000;

/** One request, one answer; knows no session. @throws ApiError */
export class Http {
  readonly #baseUrl: string;
  readonly #fetch: Fetch;
  readonly #clock: Clock;

  constructor(baseUrl: string, fetch: Fetch, clock: Clock) {
    this.#baseUrl = baseUrl.replace(/\/+$/, '');
    this.#fetch = fetch;
    this.#clock = clock;
  }

  async send<T>(request: HttpRequest<T>): Promise<HttpAnswer<T>> {
    const { status, headers, data } = await this.#exchange(request, (response) => response.text());
    const body = parseJson(data);
    if (status >= 400) throw failure(status, headers, body);
    if (!request.schema) return { status, data: undefined as T };
    const parsed = request.schema.safeParse(body);
    if (!parsed.success) throw new ApiError('bad_response', { status });
    return { status, data: parsed.data };
  }

  /** For what is no JSON. @throws ApiError */
  async bytes(request: Omit<HttpRequest<never>, 'schema'>): Promise<HttpAnswer<HttpBytes>> {
    const { status, headers, data } = await this.#exchange<ArrayBuffer | string>(request, (response) =>
      response.ok ? response.arrayBuffer() : response.text(),
    );
    if (typeof data === 'string') throw failure(status, headers, parseJson(data));
    return { status, data: { type: headers.get('content-type') ?? '', data: new Uint8Array(data) } };
  }

  async #exchange<D>(
    request: HttpRequest<unknown>,
    read: (response: Response) => Promise<D>,
  ): Promise<{ status: number; headers: Headers; data: D }> {
    const abort = new AbortController();
    let late = false;
    const timer = this.#clock.setTimeout(() => {
      late = true;
      abort.abort();
    }, TIMEOUT_MS);
    const { bytes, body } = request;
    const type = bytes?.type ?? (body === undefined ? undefined : 'application/json');
    try {
      const response = await this.#fetch(`${this.#baseUrl}${request.path}`, {
        method: request.method,
        headers: {
          accept: 'application/json',
          ...(type === undefined ? {} : { 'content-type': type }),
          ...request.headers,
        },
        ...(bytes !== undefined ? { body: bytes.data } : body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(request.keepalive === true ? { keepalive: true } : {}),
        signal: abort.signal,
      });
      return { status: response.status, headers: response.headers, data: await read(response) };
    } catch (cause) {
      throw new ApiError(late ? 'timeout' : 'network', { cause });
    } finally {
      this.#clock.clearTimeout(timer);
    }
  }
}

function parseJson(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function failure(status: number, headers: Headers, body: unknown): ApiError {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  const retryAfter = Number.isFinite(seconds) ? Math.max(0, seconds * 1000) : null;
  const problem = Problem.safeParse(body);
  if (problem.success) return ApiError.ofProblem(problem.data, retryAfter);
  // A proxy answered in the server's place.
  if (status === 429) return new ApiError('rate_limited', { status, retryAfter });
  return new ApiError(status >= 502 && status <= 504 ? 'network' : 'bad_response', { status, retryAfter });
}
