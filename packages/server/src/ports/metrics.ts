import type { CallStatus, EndReason } from '@parley/domain';

/** What the operator counts. Labels are bounded: route patterns, codes and statuses, never ids. */
export interface Metrics {
  /** `route` is the pattern (`/api/calls/:id`), not the address. */
  http(method: string, route: string, status: number, seconds: number): void;
  socketOpened(): void;
  socketClosed(): void;
  /** A call reached this status; `reason` with the terminal ones. */
  call(status: CallStatus, reason: EndReason | null): void;
  /** A ring was handed to a connected device. */
  ring(): void;
  /** A command was refused with this code. */
  refused(code: string): void;
  /** One round of the sweeper: deadlines that it applied, and how long it took. */
  swept(deadlines: number, seconds: number): void;
}

export const noMetrics: Metrics = {
  http: () => undefined,
  socketOpened: () => undefined,
  socketClosed: () => undefined,
  call: () => undefined,
  ring: () => undefined,
  refused: () => undefined,
  swept: () => undefined,
};
