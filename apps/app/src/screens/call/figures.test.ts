import { describe, expect, it } from 'vitest';
import { figuresAsText, liveFigures, summaryFigures } from './figures';

const STATS = {
  roundTripMs: 38.4,
  jitterMs: 6,
  packetLossPercent: 0.44,
  sentLossPercent: 0,
  bitrateKbps: 1_240.3,
  sentBitrateKbps: 80,
  availableKbps: null,
  freezes: 0,
  freezeMs: 0,
  concealedPercent: 0,
  path: 'relay',
  network: null,
  audioCodec: 'opus',
  videoCodec: null,
} as const;

describe('figures for the curious', () => {
  it('say what is measured now, and leave out what is not', () => {
    const text = figuresAsText(liveFigures({ stats: STATS, soFar: null, protection: 'end_to_end' }));
    expect(text.split('\n')).toEqual([
      'Path: Through a relay',
      'Protection: Peer to peer, end-to-end encrypted',
      'Sound: opus',
      'Round trip: 38 ms',
      'Jitter: 6 ms',
      'Lost on the way here: 0.4 %',
      'Lost on the way there: 0 %',
      'Received: 1,240 kbit/s',
      'Sent: 80 kbit/s',
    ]);
  });

  it('are none before anything was measured', () => {
    expect(liveFigures({ stats: null, soFar: null, protection: null })).toEqual([]);
  });

  it('name how long a picture stood still, where it did', () => {
    const freezes = (freezeCount: number, freezeMs: number) =>
      summaryFigures({ freezeCount, freezeMs }).map(({ value }) => value);
    expect(freezes(0, 0)).toEqual(['0 times']);
    expect(freezes(1, 640)).toEqual(['1 time, 0.6 s']);
  });

  it('name the worst where it is worse than the mean', () => {
    const rows = summaryFigures({ roundTripMs: 40, worstRoundTripMs: 210, packetLossPercent: 0, worstLossPercent: 0 });
    expect(rows.map(({ value }) => value)).toEqual(['40 ms, at worst 210 ms', '0 %']);
  });
});
