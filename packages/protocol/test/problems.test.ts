import { REFUSALS } from '@parley/domain';
import { describe, expect, it } from 'vitest';
import { ERROR_CODES, ERRORS, Problem, problem } from '../src/index.ts';

describe('problem documents (RFC 9457)', () => {
  it('every code makes one that fits the schema', () => {
    for (const code of ERROR_CODES) {
      expect(Problem.parse(problem(code, 'why', [{ path: 'a.b', message: 'c' }]))).toMatchObject({
        code,
        detail: 'why',
      });
    }
  });

  it('every refusal of the call machine has a code, with its own title', () => {
    for (const [code, title] of Object.entries(REFUSALS)) {
      expect(ERRORS[code as keyof typeof REFUSALS]).toMatchObject({ title, category: 'user' });
    }
  });

  it('what is not available now is nobody’s fault', () => {
    for (const code of ERROR_CODES) {
      const { status, category } = ERRORS[code];
      if (status === 503) expect([code, category]).toEqual([code, 'network']);
    }
  });
});
