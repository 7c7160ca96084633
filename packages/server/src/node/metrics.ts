import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { HttpMetrics } from '../ports/metrics.ts';
import type { CallObserver } from '../usecases/types.ts';

export interface ServerMetrics {
  readonly http: HttpMetrics;
  readonly calls: CallObserver;
  /** A gauge that is asked when somebody reads. */
  gauge(name: string, help: string, read: () => number): void;
  text(): Promise<{ contentType: string; body: string }>;
}

/** Prometheus figures of this process. Labels are bounded: patterns, names, codes. */
export function createMetrics(): ServerMetrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry, prefix: 'parley_' });
  const requests = new Histogram({
    name: 'parley_http_request_duration_seconds',
    help: 'Time to answer a request, by route.',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers,
  });
  const commands = new Histogram({
    name: 'parley_call_command_duration_seconds',
    help: 'Time of a command upon a call, by name and outcome; an outcome is ok, unchanged, repeated or the code of a refusal.',
    labelNames: ['command', 'outcome'] as const,
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1],
    registers,
  });
  const finished = new Counter({
    name: 'parley_calls_finished_total',
    help: 'Calls that ended, by status and reason.',
    labelNames: ['status', 'reason'] as const,
    registers,
  });

  return {
    http: {
      observe: (method, route, status, seconds) =>
        requests.observe({ method: METHODS.has(method) ? method : 'other', route, status: String(status) }, seconds),
    },
    calls: {
      command: (command, outcome, ms) => commands.observe({ command, outcome }, ms / 1000),
      finished: (status, reason) => finished.inc({ status, reason: reason ?? 'none' }),
    },
    gauge(name, help, read) {
      new Gauge({
        name,
        help,
        registers,
        collect() {
          this.set(read());
        },
      });
    },
    text: async () => ({ contentType: registry.contentType, body: await registry.metrics() }),
  };
}

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
