import type { Rating, RatingReason } from '@parley/protocol';
import { useParley } from '@parley/react';
import { useState } from 'react';
import type { CallSummarySnapshot } from '../screens/snapshots';

type Opinion = NonNullable<CallSummarySnapshot['opinion']>;
const NONE: Opinion = { rating: null, reasons: [], failed: false };

/** What somebody thinks of a call: each tap is told at once, in place of what was told before. */
export function useOpinion(callId: string) {
  const client = useParley();
  const [opinion, setOpinion] = useState<Opinion | null>(NONE);
  const say = (rating: Rating, reasons: readonly RatingReason[]) => {
    setOpinion({ rating, reasons, failed: false });
    client.rate(callId, rating, reasons).catch(() => {
      setOpinion((now) => (now?.rating === rating ? { ...now, failed: true } : now));
    });
  };
  const rating = opinion?.rating ?? null;
  const reasons = opinion?.reasons ?? [];
  return {
    opinion,
    // Reasons to complain are none for whoever is content after all.
    onRate: (next: Rating) => say(next, next === 'good' ? [] : reasons),
    onReason: (reason: RatingReason) => {
      if (rating === null) return;
      say(rating, reasons.includes(reason) ? reasons.filter((one) => one !== reason) : [...reasons, reason]);
    },
    onSkip: () => setOpinion(null),
  };
}
