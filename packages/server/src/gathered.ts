interface Waiting<Q, A> {
  readonly question: Q;
  readonly resolve: (answer: A) => void;
  readonly reject: (error: unknown) => void;
}

export interface GatheredOptions {
  /** Questions that are asked together at most. Default 500. */
  readonly most?: number;
  /** Askings that run at a time. Default 1. */
  readonly atOnce?: number;
}

/**
 * Few askings at a time: questions that come meanwhile are the next one, together. When everybody comes at once, it is asked a few times
 * and not once for each; who comes alone does not wait.
 * @param ask answers in the order of the questions
 */
export function gathered<Q, A>(
  ask: (questions: readonly Q[]) => Promise<readonly A[]>,
  { most = 500, atOnce = 1 }: GatheredOptions = {},
): (question: Q) => Promise<A> {
  const waiting: Waiting<Q, A>[] = [];
  let askings = 0;

  async function work(): Promise<void> {
    askings += 1;
    while (waiting.length > 0) {
      const batch = waiting.splice(0, most);
      try {
        const answers = await ask(batch.map(({ question }) => question));
        for (const [at, { resolve }] of batch.entries()) resolve(answers[at] as A);
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    askings -= 1;
  }

  return (question) =>
    new Promise((resolve, reject) => {
      waiting.push({ question, resolve, reject });
      if (askings < atOnce) void work();
    });
}
