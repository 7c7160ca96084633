import { ERRORS, type ErrorCode, type Problem, problem } from '@parley/protocol';

/** Anything that is answered with a problem document. */
export class EdgeError extends Error {
  readonly code: ErrorCode;
  readonly detail: string | undefined;
  readonly errors: { path: string; message: string }[] | undefined;
  /** Seconds, for `Retry-After`. */
  readonly retryAfter: number | undefined;

  constructor(
    code: ErrorCode,
    options: {
      detail?: string;
      errors?: { path: string; message: string }[];
      retryAfter?: number;
      cause?: unknown;
    } = {},
  ) {
    super(`${code}: ${options.detail ?? ERRORS[code].title}`, { cause: options.cause });
    this.code = code;
    this.detail = options.detail;
    this.errors = options.errors;
    this.retryAfter = options.retryAfter;
  }

  get status(): number {
    return ERRORS[this.code].status;
  }

  toProblem(): Problem {
    return problem(this.code, this.detail, this.errors);
  }
}
