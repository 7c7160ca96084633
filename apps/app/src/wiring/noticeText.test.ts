import { describe, expect, it } from 'vitest';
import { noticeText } from './noticeText';

const about = (
  change: 'lost' | 'gone' | 'back' | 'moved' | 'works',
  role: 'microphone' | 'camera' | 'speaker',
  name = 'Headset',
) => noticeText({ id: '1', kind: 'device', code: null, device: { change, role, name } });

describe('a short notice', () => {
  it.each([
    ['lost', 'microphone', '“Headset” is gone. The others now hear you through the default microphone.'],
    ['lost', 'speaker', '“Headset” is gone. You now hear the call through the default speaker.'],
    ['gone', 'camera', '“Headset” is gone.'],
    ['back', 'camera', '“Headset” is back: the others see you through it.'],
    ['moved', 'microphone', 'The default microphone is now “Headset”. The others hear you through it.'],
    ['works', 'camera', 'Your camera works now'],
  ] as const)('of a device: %s %s', (change, role, text) => {
    expect(about(change, role)).toBe(text);
  });

  it('has a word for a device without a name', () => {
    expect(about('gone', 'camera', '')).toBe('“Unnamed device” is gone.');
  });

  it('is the sentence of its code, or else of its kind', () => {
    expect(noticeText({ id: '1', kind: 'command_failed', code: 'rate_limited' })).toMatch(/^Too many tries/);
    expect(noticeText({ id: '1', kind: 'command_failed', code: 'nobody_knows_this' })).toMatch(/^That did not work/);
  });
});
