import { describe, expect, it } from 'vitest';
import { reader } from '../query-counter.ts';

/** A frontend message of the Postgres protocol; the first one of a connection has no kind. */
function message(kind: string, body: string): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(4 + body.length);
  return Buffer.concat([Buffer.from(kind), head, Buffer.from(body)]);
}

const conversation = Buffer.concat([
  message('', 'startup, with a Q and an E in it'),
  message('p', 'a password'),
  message('Q', 'begin; select 1'),
  ...['P', 'B', 'D', 'E', 'S'].map((kind) => message(kind, 'QEQE')),
  message('Q', 'commit'),
]);

describe('what is asked of a database', () => {
  it('is counted: simple queries and executes', () => {
    let count = 0;
    reader(() => {
      count += 1;
    })(conversation);
    expect(count).toBe(3);
  });

  it('is counted the same wherever the stream is cut', () => {
    for (let size = 1; size < conversation.length; size += 1) {
      let count = 0;
      const read = reader(() => {
        count += 1;
      });
      for (let at = 0; at < conversation.length; at += size) read(conversation.subarray(at, at + size));
      expect(count).toBe(3);
    }
  });
});
