import { METRICS_AFTER_END_MS } from '@parley/domain';
import type { CallMetrics } from '@parley/protocol';
import { EdgeError } from '../ports/edge-error.ts';
import { saveMetrics } from '../store/metrics.ts';
import { type CallContext, single } from './context.ts';
import type { Actor } from './types.ts';

/**
 * One device's sample or closing figures of a call, or what its person thought of it. Told again it changes nothing, and a
 * later sample takes the place of an earlier one.
 * @throws EdgeError `not_found` for whoever takes no part, `call_ended` long after the end, `rate_limited`
 */
export async function measure(context: CallContext, actor: Actor, callId: string, metrics: CallMetrics): Promise<void> {
  await context.limits.takeMetrics(actor.userId);
  const times = { lateMs: METRICS_AFTER_END_MS, skewMs: context.clock.skewMs() };
  const { outcome, rated } = await saveMetrics(single(context), callId, actor, metrics, times);
  if (outcome === 'unknown') throw new EdgeError('not_found');
  if (outcome === 'late') throw new EdgeError('call_ended');
  if (outcome === 'closed') context.observer?.measured(metrics);
  if (rated && metrics.rating !== undefined) context.observer?.rated(metrics.rating);
}
