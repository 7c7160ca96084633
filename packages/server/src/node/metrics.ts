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
  const joins = new Histogram({
    name: 'parley_call_join_latency_seconds',
    help: 'From the accept to the first media, as devices measured it.',
    buckets: [0.25, 0.5, 1, 1.5, 2, 3, 5, 10, 20],
    registers,
  });
  const losses = new Histogram({
    name: 'parley_call_packet_loss_ratio',
    help: 'Share of the media that was lost in a call, as devices measured it, by direction.',
    labelNames: ['direction'] as const,
    buckets: [0, 0.005, 0.01, 0.03, 0.05, 0.1, 0.2, 0.5],
    registers,
  });
  const roundTrips = new Histogram({
    name: 'parley_call_round_trip_seconds',
    help: 'Mean round trip of a call, by the kind of path.',
    labelNames: ['path'] as const,
    buckets: [0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 0.8, 1.5],
    registers,
  });
  const ratings = new Counter({
    name: 'parley_call_ratings_total',
    help: 'What people thought of their calls.',
    labelNames: ['rating'] as const,
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
      measured: ({ joinLatencyMs, packetLossPercent, sentLossPercent, roundTripMs, path }) => {
        if (isFigure(joinLatencyMs)) joins.observe(joinLatencyMs / 1000);
        if (isFigure(packetLossPercent)) losses.observe({ direction: 'in' }, packetLossPercent / 100);
        if (isFigure(sentLossPercent)) losses.observe({ direction: 'out' }, sentLossPercent / 100);
        if (isFigure(roundTripMs)) roundTrips.observe({ path: path ?? 'unknown' }, roundTripMs / 1000);
      },
      rated: (rating) => ratings.inc({ rating }),
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

const isFigure = (value: number | null | undefined): value is number => typeof value === 'number';

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
