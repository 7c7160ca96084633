import { CallMetrics } from '@parley/protocol';
import { CONNECTED_STATS } from '@parley/testing';
import { describe, expect, it } from 'vitest';
import type { MediaStats } from '../src/ports/media-engine.ts';
import {
  accepted,
  counted,
  figuresOf,
  keptMeter,
  looked,
  type Meter,
  mediaCame,
  startMeter,
} from '../src/quality/meter.ts';

const OWN = { audio: true, video: false };
const look = (meter: Meter, change: Partial<MediaStats>, now: number, own = OWN) =>
  looked(meter, { ...CONNECTED_STATS, ...change }, own, now);

describe('what is measured in a call', () => {
  it('waits from the accept to the first media, once', () => {
    let meter = accepted(startMeter('call'), 1_000);
    meter = mediaCame(accepted(meter, 1_300), 1_700);
    meter = mediaCame(accepted(meter, 9_000), 9_000);
    expect(figuresOf(meter, 6_900, null)).toMatchObject({ joinLatencyMs: 700, durationSeconds: 5 });
  });

  it('has no wait where nobody saw the accept, and no duration before media', () => {
    expect(figuresOf(startMeter('call'), 5_000, null)).toMatchObject({ joinLatencyMs: null, durationSeconds: 0 });
    expect(figuresOf(mediaCame(startMeter('call'), 1_000), 5_000, null)).toMatchObject({ joinLatencyMs: null });
  });

  it('weighs each look by the time that it stands for, and keeps the worst', () => {
    let meter = look(startMeter('call'), { packetLossPercent: 0, roundTripMs: 100 }, 0);
    meter = look(meter, { packetLossPercent: 30, roundTripMs: 400 }, 1_000);
    meter = look(meter, { packetLossPercent: null, roundTripMs: 100 }, 2_000);
    const figures = figuresOf(meter, 2_000, null);
    expect(figures).toMatchObject({ packetLossPercent: 10, worstLossPercent: 30, roundTripMs: 175 });
    expect(figures.worstRoundTripMs).toBe(400);
  });

  it('counts no more than ten seconds for a machine that slept', () => {
    let meter = look(startMeter('call'), { bitrateKbps: 0 }, 0);
    meter = look(meter, { bitrateKbps: 600 }, 3_600_000);
    expect(figuresOf(meter, 0, null).avgBitrateKbps).toBe(500);
  });

  it('adds up how often and how long the picture stood still', () => {
    let meter = look(startMeter('call'), { freezes: null, freezeMs: null }, 0);
    expect(figuresOf(meter, 0, null)).toMatchObject({ freezeCount: null, freezeMs: null });
    meter = look(look(meter, { freezes: 2, freezeMs: 900 }, 2_000), { freezes: 1, freezeMs: 300 }, 4_000);
    expect(figuresOf(meter, 0, null)).toMatchObject({ freezeCount: 3, freezeMs: 1_200 });
  });

  it('says the newest path and network, and whether camera and microphone were ever on', () => {
    let meter = look(startMeter('call'), { path: 'direct', network: 'wifi' }, 0, { audio: false, video: true });
    meter = look(meter, { path: 'relay', network: null, videoCodec: 'VP8' }, 2_000, { audio: false, video: false });
    expect(figuresOf(meter, 0, 'web-desktop')).toMatchObject({
      path: 'relay',
      networkType: 'wifi',
      videoCodec: 'VP8',
      audioEnabled: false,
      videoEnabled: true,
      deviceType: 'web-desktop',
    });
  });

  it('keeps within what the protocol takes, whatever a platform says', () => {
    const odd: Partial<MediaStats> = {
      roundTripMs: 1e12,
      jitterMs: -4,
      packetLossPercent: 33.33333,
      bitrateKbps: 1e12,
      freezes: 1e9,
      audioCodec: 'x/y z',
    };
    const figures = figuresOf(mediaCame(look(startMeter('call'), odd, 0), 0), -5_000, 'web');
    expect(CallMetrics.safeParse(figures).success).toBe(true);
    expect(figures).toMatchObject({ packetLossPercent: 33.33, audioCodec: null, durationSeconds: 0, jitterMs: 0 });
  });
});

describe('what was measured before a reload', () => {
  const meter = counted(look(mediaCame(startMeter('call'), 1_000), {}, 2_000));

  it('goes on in the same call', () => {
    expect(keptMeter(JSON.stringify(meter), 'call')).toEqual(meter);
  });

  it.each([
    ['another call', JSON.stringify(meter), 'other'],
    ['nothing', null, 'call'],
    ['something that is no JSON', '{', 'call'],
    ['the shape of another version', JSON.stringify({ ...meter, extra: 1 }), 'call'],
    ['no means', JSON.stringify({ ...meter, means: null }), 'call'],
  ])('is not taken from %s', (_, text, callId) => {
    expect(keptMeter(text, callId)).toBeNull();
  });
});
