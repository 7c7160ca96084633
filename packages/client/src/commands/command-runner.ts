import type { Call, CallCommandBody, CallCommandName, CallView, ClientMessage, CreateCall } from '@parley/protocol';
import { ApiError, toApiError } from '../api/api-error.ts';
import type { ParleyApi } from '../api/parley-api.ts';
import type { Clock, Ids } from '../ports/platform.ts';
import type { SignallingTransport } from '../ports/signalling-transport.ts';
import { type Backoff, fullJitter } from '../transport/backoff.ts';

/** What became of a command. Over REST there is no view: the answer is the `Call`. */
export interface CommandResult {
  readonly call: Call;
  readonly view: CallView | null;
}

interface RunnerDeps {
  readonly transport: SignallingTransport;
  readonly api: Pick<ParleyApi, 'create' | 'command'>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly random: () => number;
}

interface Command {
  readonly name: 'create' | CallCommandName;
  readonly callId: string | null;
  readonly body: Record<string, unknown>;
  /** Asked before each attempt: an answer is of no use any more. */
  obsolete(): boolean;
  readonly key: string;
}

const ACK_TIMEOUT_MS = 8_000;
const MOST_SERVER_FAULTS = 4;

/**
 * Runs commands until they are answered: over the socket when it is open, over REST otherwise, always under the same
 * idempotency key, one at a time for each lane (a call's taps, a call's reports).
 */
export class CommandRunner {
  readonly #deps: RunnerDeps;
  readonly #lanes = new Map<string, Promise<void>>();
  readonly #waiting = new Map<string, (answer: CommandResult | ApiError) => void>();
  readonly #wake = new Set<() => void>();
  readonly #unlisten: (() => void)[];
  #disposed = false;
  /** Counts people: what one has tapped is not sent in the name of the next. */
  #turn = 0;

  constructor(deps: RunnerDeps) {
    this.#deps = deps;
    this.#unlisten = [
      deps.transport.onMessage((message) => {
        if (message.t === 'ack') {
          this.#waiting.get(message.id)?.({ call: message.view.call, view: message.view });
        } else if (message.t === 'error' && message.ref !== null) {
          this.#waiting.get(message.ref)?.(ApiError.ofProblem(message.problem, message.retryAfterMs ?? null));
        }
      }),
      deps.transport.onState((state) => {
        // An answer that was on its way over the old socket never comes: ask again, with the same key.
        if (state !== 'online') for (const settle of [...this.#waiting.values()]) settle(new ApiError('network'));
        for (const wake of [...this.#wake]) wake();
      }),
    ];
  }

  /** @param lane what later commands upon this call will be queued behind: an id of the caller's own. @throws ApiError */
  create(lane: string, body: CreateCall, obsolete: () => boolean = () => false): Promise<CommandResult> {
    return this.#enqueue(lane, {
      name: 'create',
      callId: null,
      body: { ...body },
      obsolete,
      key: this.#deps.ids.uuid(),
    });
  }

  /**
   * @param key under which it can be said once more elsewhere
   * @throws ApiError with the code of the refusal; `network` when it became obsolete before it was answered.
   */
  run<N extends CallCommandName>(
    name: N,
    callId: string,
    body: CallCommandBody<N>,
    obsolete: () => boolean = () => false,
    key: string = this.#deps.ids.uuid(),
  ): Promise<CommandResult> {
    return this.#enqueue(laneOf(name, callId), { name, callId, body: { ...body }, obsolete, key });
  }

  /** Somebody else signs in, or nobody: what is not answered yet is given up. */
  forget(): void {
    this.#turn += 1;
    for (const settle of [...this.#waiting.values()]) settle(new ApiError('network'));
    for (const wake of [...this.#wake]) wake();
  }

  dispose(): void {
    this.#disposed = true;
    for (const off of this.#unlisten) off();
    for (const settle of [...this.#waiting.values()]) settle(new ApiError('network'));
    for (const wake of [...this.#wake]) wake();
  }

  #enqueue(lane: string, command: Command): Promise<CommandResult> {
    const turn = this.#turn;
    const run = () => this.#untilAnswered({ ...command, obsolete: () => turn !== this.#turn || command.obsolete() });
    const before = this.#lanes.get(lane);
    let done = (): void => undefined;
    const tail = new Promise<void>((resolve) => {
      done = resolve;
    });
    this.#lanes.set(lane, tail);
    // Where nothing is in the way it goes out now, in the task of the tap: what the tap draws would be drawn first.
    const result = before === undefined ? run() : before.then(run, run);
    const over = () => {
      done();
      if (this.#lanes.get(lane) === tail) this.#lanes.delete(lane);
    };
    result.then(over, over);
    return result;
  }

  async #untilAnswered(command: Command): Promise<CommandResult> {
    const { key } = command;
    const backoff = fullJitter(this.#deps.random, 500, 5_000);
    let faults = 0;
    let last = new ApiError('network');
    while (!this.#disposed && !command.obsolete()) {
      try {
        return await this.#attempt(command, key);
      } catch (error) {
        last = toApiError(error);
        if (last.status === 500) faults += 1;
        if (!isWorthRepeating(last, command.name) || faults >= MOST_SERVER_FAULTS) throw last;
      }
      await this.#pause(last, backoff);
    }
    throw last;
  }

  #attempt(command: Command, key: string): Promise<CommandResult> {
    const { transport } = this.#deps;
    return transport.state === 'online' ? this.#overSocket(command, key) : this.#overRest(command, key);
  }

  #overSocket(command: Command, key: string): Promise<CommandResult> {
    const { transport, clock } = this.#deps;
    return new Promise((resolve, reject) => {
      const timer = clock.setTimeout(() => settle(new ApiError('timeout')), ACK_TIMEOUT_MS);
      const settle = (answer: CommandResult | ApiError) => {
        this.#waiting.delete(key);
        clock.clearTimeout(timer);
        if (answer instanceof ApiError) reject(answer);
        else resolve(answer);
      };
      this.#waiting.set(key, settle);
      const message: ClientMessage = {
        t: 'command',
        id: key,
        name: command.name,
        ...(command.callId === null ? {} : { callId: command.callId }),
        body: command.body,
      };
      if (!transport.send(message)) settle(new ApiError('network'));
    });
  }

  async #overRest(command: Command, key: string): Promise<CommandResult> {
    const { api } = this.#deps;
    const call =
      command.name === 'create' || command.callId === null
        ? (await api.create(command.body as CreateCall, key)).data
        : await api.command(command.callId, command.name, command.body, key);
    // The server can be reached after all: the socket need not sit out its pause.
    this.#deps.transport.nudge();
    return { call, view: null };
  }

  /** Until it is worth trying again: after a pause, or as soon as the socket opens or breaks. */
  #pause(error: ApiError, backoff: Backoff): Promise<void> {
    const { clock, transport } = this.#deps;
    // The socket broke under a command: REST may still reach the server at once.
    const ms = error.retryAfter ?? (error.code === 'timeout' ? 0 : backoff.next());
    return new Promise((resolve) => {
      const done = () => {
        this.#wake.delete(wake);
        clock.clearTimeout(timer);
        resolve();
      };
      const wake = () => {
        if (this.#disposed || (transport.state === 'online' && error.retryAfter === null)) done();
      };
      const timer = clock.setTimeout(done, ms);
      this.#wake.add(wake);
    });
  }
}

/** What a device reports of itself must not hold up what a person has tapped. */
const laneOf = (name: CallCommandName, callId: string): string =>
  name === 'media-connected' || name === 'media-state' || name === 'media-plan' ? `${callId}:reports` : callId;

function isWorthRepeating(error: ApiError, name: Command['name']): boolean {
  if (error.category === 'network' || error.status === 503 || error.status === 500) return true;
  // Whoever wants to call too often is told so; what a running call has to report is only late.
  return error.code === 'rate_limited' && name !== 'create';
}
