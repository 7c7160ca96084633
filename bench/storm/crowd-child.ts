import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Door, Return } from './crowd.ts';
import type { Ask, Reply, Request } from './crowd-process.ts';

/** Many sockets of one server, in a process of their own: one has too few files for two crowds of ten thousand. */
export class CrowdChild {
  readonly #door: Door;
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, PromiseWithResolvers<Return | null>>();
  #count = 0;
  #asked = 0;

  constructor(door: Door) {
    this.#door = door;
    this.#process = fork(join(import.meta.dirname, 'crowd-process.ts'), { execArgv: ['--no-warnings'] });
    this.#process.on('message', (reply: Reply) => {
      const waiting = this.#waiting.get(reply.id);
      this.#waiting.delete(reply.id);
      if ('failure' in reply) waiting?.reject(new Error(reply.failure));
      else waiting?.resolve(reply.back);
    });
    this.#process.once('exit', (code) => {
      for (const { reject } of this.#waiting.values()) reject(new Error(`The crowd ended with ${code}.`));
      this.#waiting.clear();
    });
  }

  /** Lets people in without haste until there are so many. */
  async grow(count: number): Promise<void> {
    const hellos = Array.from({ length: Math.max(0, count - this.#count) }, (_, n) =>
      this.#door.hello(this.#count + n),
    );
    this.#count += hellos.length;
    await this.#ask({ kind: 'grow', url: this.#door.url(), hellos });
  }

  /**
   * The server is gone at once, and another can be reached `downMs` later.
   * @param down ends the server @param up makes the other one known
   */
  async storm(down: () => Promise<void>, downMs: number, up: () => void): Promise<Return> {
    await this.#ask({ kind: 'rest' });
    await down();
    await pause(downMs);
    up();
    return this.#returned({ kind: 'back', url: this.#door.url() });
  }

  /** Everybody's socket breaks, and the server is there all the time. */
  comeBack(): Promise<Return> {
    return this.#returned({ kind: 'come-back' });
  }

  close(): void {
    this.#process.removeAllListeners('exit');
    if (this.#process.connected) this.#process.disconnect();
  }

  async #returned(ask: Ask): Promise<Return> {
    const back = await this.#ask(ask);
    if (back === null) throw new Error(`The crowd gave no times for ${ask.kind}.`);
    return back;
  }

  #ask(ask: Ask): Promise<Return | null> {
    this.#asked += 1;
    const waiting = Promise.withResolvers<Return | null>();
    this.#waiting.set(this.#asked, waiting);
    this.#process.send({ id: this.#asked, ask } satisfies Request);
    return waiting.promise;
  }
}
