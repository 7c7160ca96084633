import { describe, expect, it } from 'vitest';
import { type Speakable, saidOf } from './saidOf';

const grace = { id: 'g', displayName: 'Grace Hopper', isMuted: false, videoEnabled: true };
const ken = { id: 'k', displayName: 'Ken Thompson', isMuted: true, videoEnabled: false };
const call: Speakable = { connectedAt: 1, self: { isMuted: false, videoEnabled: true }, others: [grace] };

describe('what a screen reader is told of a call', () => {
  it.each<[string, Speakable, Speakable, readonly string[]]>([
    ['nothing while nothing changes', call, { ...call, others: [{ ...grace }] }, []],
    ['that one is muted', call, { ...call, self: { isMuted: true, videoEnabled: true } }, ['Microphone off']],
    ['that one is heard', { ...call, self: { isMuted: true, videoEnabled: true } }, call, ['Microphone on']],
    ['that one’s camera is off', call, { ...call, self: { isMuted: false, videoEnabled: false } }, ['Camera off']],
    ['that it is connected', { ...call, connectedAt: null }, call, ['Connected']],
    ['that the other is muted', call, { ...call, others: [{ ...grace, isMuted: true }] }, ['Grace is muted']],
    [
      'that the other’s camera is off',
      call,
      { ...call, others: [{ ...grace, videoEnabled: false }] },
      ['Grace turned the camera off'],
    ],
    ['that the other is back', { ...call, others: [{ ...grace, away: true }] }, call, ['Grace is back']],
    [
      'not what somebody out of reach seems to do',
      call,
      { ...call, others: [{ ...grace, away: true, videoEnabled: false }] },
      [],
    ],
    ['not the state of those who have just come', call, { ...call, others: [grace, ken] }, []],
  ])('%s', (_, before, now, words) => {
    expect(saidOf(before, now)).toEqual(words);
  });
});
