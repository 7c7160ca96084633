import type { CallCommandBody } from '@parley/protocol';
import { toApiError } from '../api/api-error.ts';
import type { ParleyApi } from '../api/parley-api.ts';
import type { CommandResult, CommandRunner } from '../commands/command-runner.ts';
import type { Clock, Ids } from '../ports/platform.ts';

export type LeaveReason = 'hangup' | 'media_failed';

interface Departure {
  /** The command as it was sent last. */
  said: { readonly name: 'cancel' | 'leave'; readonly body: object; readonly key: string } | null;
  done: Promise<void>;
}

interface Deps {
  readonly api: Pick<ParleyApi, 'commandAtLast'>;
  readonly runner: CommandRunner;
  readonly clock: Clock;
  readonly ids: Ids;
  isOver(callId: string): boolean;
  answered(result: CommandResult): void;
  refused(callId: string): void;
}

/** Hang-ups that are on their way: nothing that would find the old call overtakes them, and none is lost with the page. */
export class Departures {
  readonly #deps: Deps;
  readonly #underWay = new Map<string, Departure>();

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** @param cancels while it rings; a *leave* follows where the other side was faster */
  async go(callId: string, reason: LeaveReason, cancels: boolean): Promise<void> {
    const departure: Departure = { said: null, done: Promise.resolve() };
    this.#underWay.set(callId, departure);
    departure.done = this.#say(departure, callId, reason, cancels);
    try {
      await departure.done;
    } finally {
      if (this.#underWay.get(callId) === departure) this.#underWay.delete(callId);
    }
  }

  /** Resolves when those of these calls are answered, or the time is over. */
  async settled(ofCall: (callId: string) => boolean, withinMs: number): Promise<void> {
    const awaited = [...this.#underWay].flatMap(([callId, { done }]) => (ofCall(callId) ? [done] : []));
    if (awaited.length === 0) return;
    const { clock } = this.#deps;
    let timer: unknown;
    const late = new Promise<void>((resolve) => {
      timer = clock.setTimeout(resolve, withinMs);
    });
    await Promise.race([Promise.all(awaited), late]);
    clock.clearTimeout(timer);
  }

  /** The page is left: each goes out once more, since the socket that carried it may have been dead. */
  sayAtLast(): void {
    for (const [callId, { said }] of this.#underWay) {
      // Under its own key: where it had arrived, it is not one more hang-up, which would meet whoever has come back.
      if (said) this.#deps.api.commandAtLast(callId, said.name, said.body, said.key).catch(() => undefined);
    }
  }

  async #say(departure: Departure, callId: string, reason: LeaveReason, cancels: boolean): Promise<void> {
    const { runner, ids, isOver, answered, refused } = this.#deps;
    const run = <N extends 'cancel' | 'leave'>(name: N, body: CallCommandBody<N>) => {
      const key = ids.uuid();
      departure.said = { name, body, key };
      return runner.run(name, callId, body, () => isOver(callId), key);
    };
    try {
      if (cancels) {
        try {
          return answered(await run('cancel', {}));
        } catch (error) {
          const { code } = toApiError(error);
          // The other side was faster (or glare made it the other one's call): then this is a hang-up.
          if (code !== 'not_ringing' && code !== 'not_initiator') throw error;
        }
      }
      answered(await run('leave', { reason }));
    } catch {
      refused(callId);
    }
  }
}
