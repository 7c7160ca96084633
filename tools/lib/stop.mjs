/** Ends a command with one sentence for the person in front of it, and the path of a log where there is one. */
export class Stop extends Error {
  /** @param {string} sentence @param {{ log?: string, cause?: unknown }} [more] */
  constructor(sentence, more = {}) {
    super(sentence, { cause: more.cause });
    this.log = more.log;
  }
}

/** The person asked us to stop: not a failure. */
export class Interrupted extends Error {}
