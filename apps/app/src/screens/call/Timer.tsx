import { useEffect, useState } from 'react';
import type { TextVariant } from '../../theme/type';
import { Text, type Tone } from '../../ui/Text';
import { clock } from '../../words/format';

export interface TimerProps {
  /** Epoch milliseconds by this device's clock. */
  readonly since: number;
  readonly variant?: TextVariant;
  readonly tone?: Tone;
}

/** Counts by the clock, not by its ticks: a tab that slept is right at once. */
export function Timer({ since, variant = 'small', tone = 'quiet' }: TimerProps) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return (
    <Text role="timer" variant={variant} tone={tone} figures>
      {clock((now - since) / 1000)}
    </Text>
  );
}
