import { describe, expect, it } from 'vitest';
import { tabText } from './tabText';

const call = (phase: 'ringing' | 'connecting' | 'connected') => ({ name: 'Grace Hopper', phase });

describe('the tab', () => {
  it.each([
    ['nothing goes on', { rings: [], call: null, minutes: null }, 'Parley', 'usual'],
    ['a page is open', { place: 'Calls', rings: [], call: null, minutes: null }, 'Calls · Parley', 'usual'],
    ['it rings', { rings: ['Ada Lovelace'], call: null, minutes: null }, 'Ada is calling…', 'ringing'],
    ['it rings in a call', { rings: ['Ken'], call: call('connected'), minutes: 3 }, 'Ken is calling…', 'ringing'],
    ['somebody is called', { rings: [], call: call('ringing'), minutes: null }, 'Calling Grace…', 'inCall'],
    ['it connects', { rings: [], call: call('connecting'), minutes: null }, 'In a call with Grace', 'inCall'],
    ['it has begun', { rings: [], call: call('connected'), minutes: 0 }, 'In a call with Grace', 'inCall'],
    ['it lasts', { rings: [], call: call('connected'), minutes: 4 }, 'In a call with Grace · 4 min', 'inCall'],
    [
      'it lasts long',
      { rings: [], call: call('connected'), minutes: 65 },
      'In a call with Grace · 1 h 5 min',
      'inCall',
    ],
  ] as const)('says that %s', (_, around, title, icon) => {
    expect(tabText({ place: null, ...around })).toEqual({ title, icon });
  });
});
