import { ADA, callView, GRACE, uuidOf } from '@parley/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { whatOf } from '../screens/pastCall';
import { speak } from '../words/words';
import { pastCallOf } from './history';

/** Ada's call to Grace, who has declined. */
const { call } = callView({ status: 'rejected', endReason: 'declined' });
/** As a message of the chat has it: without its people. */
const { participants: _, ...left } = call;

const words = (...[of, me, other]: Parameters<typeof pastCallOf>): string => {
  const past = pastCallOf(of, me, other);
  return past === null ? '' : whatOf(past);
};

describe('O12 a call that was declined has the words of each side', () => {
  afterEach(() => speak('en'));

  it.each([
    ['in the history', call],
    ['in the chat', left],
  ])('%s', async (_where, of) => {
    const kinds = [of, { ...of, callType: 'audio' as const }];
    const both = () =>
      kinds.flatMap((kind) => [words(kind, ADA.id, GRACE.displayName), words(kind, GRACE.id, ADA.displayName)]);
    expect(both()).toEqual([
      'Video call, declined by Grace',
      'Video call, you declined',
      'Audio call, declined by Grace',
      'Audio call, you declined',
    ]);
    await speak('de');
    expect(both()).toEqual([
      'Videoanruf, von Grace abgelehnt',
      'Videoanruf, von dir abgelehnt',
      'Audioanruf, von Grace abgelehnt',
      'Audioanruf, von dir abgelehnt',
    ]);
  });

  it('says nobody’s name where several have declined, or it is not known who', () => {
    const people = call.participants.map((p) => ({
      ...p,
      state: p.userId === GRACE.id ? ('declined' as const) : p.state,
    }));
    const group = { ...call, callType: 'group_audio' as const, participants: people };
    expect(words(group, GRACE.id, null)).toBe('Audio call, you declined');
    expect(words(group, ADA.id, GRACE.displayName)).toBe('Declined audio call');
    expect(words({ ...left, callType: 'group_audio' }, uuidOf(0xd), null)).toBe('Declined audio call');
    expect(words(left, ADA.id, null)).toBe('Declined video call');
  });
});
