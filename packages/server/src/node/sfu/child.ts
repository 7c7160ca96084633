import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, renameSync, statSync } from 'node:fs';

/** Pauses before the next start of a child that dies at once again, in milliseconds; the last one repeats. */
const PAUSES = [200, 1_000, 3_000, 10_000] as const;
/** Bytes from which a log makes way for a new one at the next start; one older is kept. */
const LOG_BYTES = 10_000_000;
/** Whoever ran so long, in milliseconds, starts over with the shortest pause. */
const STEADY_MS = 30_000;
/** LiveKit waits for the last to leave after the first signal, and for nobody after the second (its `cmd/server/main.go`). */
const INSIST_MS = 500;
/** Until the signal that cannot be refused, in milliseconds. */
const KILL_MS = 5_000;

/**
 * Ends with its parent, however that ends: the pipe on descriptor 3 is the parent's life. A shell of a few hundred kilobytes
 * instead of a second Node; `prctl(PR_SET_PDEATHSIG)` would do on Linux alone and needs native code.
 */
const WATCHED = `
"$@" </dev/null 3<&- &
child=$!
( read -r _ <&3; kill -TERM "$child"; sleep 1; kill -TERM "$child"; sleep 4; kill -KILL "$child" ) 2>/dev/null &
watch=$!
exec 3<&-
trap 'kill -TERM "$child" 2>/dev/null' TERM INT
wait "$child"; code=$?
while kill -0 "$child" 2>/dev/null; do wait "$child"; code=$?; done
kill "$watch" 2>/dev/null
exit "$code"`;

interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

interface ChildOptions {
  /** Asked before each start: ports may have to be others. */
  command(): Promise<Command>;
  /** What it prints goes here. */
  readonly logFile: string;
  /** It is up, or it is not any more; `pause` is how long until the next start. */
  onStart(): void;
  onEnd(pause: number): void;
}

export interface Supervised {
  stop(): Promise<void>;
}

/** Keeps one child running, with growing pauses where it dies at once. */
export function supervise(options: ChildOptions): Supervised {
  let child: ChildProcess | undefined;
  let timer: NodeJS.Timeout | undefined;
  let stopping = false;
  let starting: Promise<void> = Promise.resolve();
  let quick = 0;

  const again = () => {
    const pause = PAUSES[Math.min(quick, PAUSES.length - 1)] ?? 0;
    quick += 1;
    options.onEnd(pause);
    timer = setTimeout(() => {
      starting = start();
    }, pause);
  };

  async function start(): Promise<void> {
    const command = await options.command().catch(() => null);
    if (stopping) return;
    if (command === null) return again();
    const log = openLog(options.logFile);
    const begun = Date.now();
    const started = spawn('/bin/sh', ['-c', WATCHED, 'sh', command.file, ...command.args], {
      env: command.env,
      stdio: ['ignore', log, log, 'pipe'],
      // Ctrl-C goes to the server alone, which stops its children in its own order.
      detached: true,
    });
    closeSync(log);
    child = started;
    started.once('spawn', () => options.onStart());
    started.once('error', () => undefined);
    started.once('close', () => {
      child = undefined;
      if (Date.now() - begun > STEADY_MS) quick = 0;
      if (!stopping) again();
    });
  }

  starting = start();
  return {
    async stop() {
      stopping = true;
      clearTimeout(timer);
      await starting;
      const last = child;
      if (last === undefined || last.exitCode !== null || last.signalCode !== null) return;
      await new Promise<void>((resolve) => {
        const hard = setTimeout(() => {
          if (last.pid !== undefined) process.kill(-last.pid, 'SIGKILL');
        }, KILL_MS);
        const insist = setTimeout(() => last.kill('SIGTERM'), INSIST_MS);
        last.once('close', () => {
          clearTimeout(insist);
          clearTimeout(hard);
          resolve();
        });
        last.kill('SIGTERM');
      });
    },
  };
}

function openLog(path: string): number {
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > LOG_BYTES) renameSync(path, `${path}.1`);
  return openSync(path, 'a', 0o600);
}
