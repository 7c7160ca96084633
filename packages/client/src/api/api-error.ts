import type { ErrorCategory } from '@parley/domain';
import { ERRORS, type ErrorCode, type Problem } from '@parley/protocol';

/** Beside the server's codes: no answer, no answer in time, an answer that is none of ours. */
export type ApiErrorCode = ErrorCode | 'network' | 'timeout' | 'bad_response';

/** A request or command that failed. Only the user interface puts the code into words. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: ApiErrorCode;
  readonly category: ErrorCategory;
  /** HTTP status; 0 if there was no answer. */
  readonly status: number;
  /** Milliseconds after which it is worth trying again; null if nobody said. */
  readonly retryAfter: number | null;

  constructor(code: ApiErrorCode, options: { status?: number; retryAfter?: number | null; cause?: unknown } = {}) {
    super(code, { cause: options.cause });
    this.code = code;
    this.category = categoryOf(code);
    this.status = options.status ?? (code in ERRORS ? ERRORS[code as ErrorCode].status : 0);
    this.retryAfter = options.retryAfter ?? null;
  }

  static ofProblem(problem: Problem, retryAfter: number | null = null): ApiError {
    return new ApiError(problem.code, { status: problem.status, retryAfter, cause: problem.detail });
  }
}

function categoryOf(code: ApiErrorCode): ErrorCategory {
  if (code === 'network' || code === 'timeout') return 'network';
  return code === 'bad_response' ? 'bug' : ERRORS[code].category;
}

export const toApiError = (error: unknown): ApiError =>
  error instanceof ApiError ? error : new ApiError('network', { cause: error });
