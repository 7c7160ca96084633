import type { CallDeps, CallUseCases } from './types.ts';

export function createCallUseCases(_deps: CallDeps): CallUseCases {
  throw new Error('not yet');
}
