import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type Call, create, END_WAYS, type FinishedCall, OUTCOMES, summaryHeading, transition } from '../src/index.ts';
import { ADA, created, GRACE, LINUS } from './arbitrary.ts';

const spec = readFileSync(new URL('../SPEC.md', import.meta.url), 'utf8');
const WORDS: Record<string, string> = {
  call_ended: 'Call ended',
  call_missed: 'Call missed',
  no_answer: 'No answer',
  call_declined: 'Call declined',
  on_another_call: 'On another call',
};

test.each(END_WAYS.map((way) => [OUTCOMES[way].row, way] as const))(
  '%s stands in SPEC.md as it is in the code (%s)',
  (row, way) => {
    const line = spec.split('\n').find((l) => l.startsWith(`| **${row}** |`));
    const cells = line?.split('|').map((c) => c.trim()) ?? [];
    const outcome = OUTCOMES[way];
    expect(cells[4]).toBe(`\`${outcome.status}\``);
    expect(cells[5]).toBe(`\`${outcome.reason}\``);
    expect(cells[7]).toBe(outcome.notify.initiator ?? '–');
    expect(cells[8]).toBe(outcome.notify.recipient ?? '–');
    expect(cells[9]).toBe(WORDS[outcome.summary.initiator]);
    expect(cells[10]).toBe(WORDS[outcome.summary.recipient]);
  },
);

test('O10 a summary is headed from the row, for each side', () => {
  const call: Call = create(created(), 0);
  const end = transition(call, { type: 'cancelled', actorId: ADA }, 1);
  if (
    end.kind !== 'accepted' ||
    end.call.status === 'ringing' ||
    end.call.status === 'connecting' ||
    end.call.status === 'connected'
  )
    throw new Error('not ended');
  expect(summaryHeading(end.call, ADA)).toBe('call_ended');
  expect(summaryHeading(end.call, GRACE)).toBe('call_missed');
});

test('O9a who declined a group that nobody answered reads that they declined it', () => {
  const group = create(created({ callType: 'group_audio', recipientIds: [GRACE, LINUS] }), 0);
  const declined = transition(group, { type: 'declined', actorId: GRACE }, 1);
  if (declined.kind !== 'accepted') throw new Error('not declined');
  const over = transition(declined.call, { type: 'timed_out' }, 30_000);
  if (over.kind !== 'accepted') throw new Error('not over');
  const { status, endReason, initiatorId, participants } = over.call as FinishedCall;
  const seen = (id: string) => summaryHeading({ status, endReason, initiatorId, participants }, id);
  expect([ADA, GRACE, LINUS].map(seen)).toEqual(['no_answer', 'call_declined', 'call_missed']);
});
