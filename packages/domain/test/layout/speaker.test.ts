import { expect, test } from 'vitest';
import { focusDue, focusOn, NO_FOCUS, type SpeakerFocus } from '../../src/index.ts';

type Heard = readonly [at: number, speakers: readonly string[]];
const after = (...heard: Heard[]): SpeakerFocus =>
  heard.reduce((state, [at, speakers]) => focusOn(state, speakers, at), NO_FOCUS);
const ADA_HAS_IT: Heard[] = [
  [0, ['ada']],
  [500, ['ada']],
];

test.each<[string, Heard[], string | null]>([
  ['nobody at first', [], null],
  [
    'nobody after a cough',
    [
      [0, ['ada']],
      [400, []],
      [900, ['ada']],
    ],
    null,
  ],
  ['whoever spoke long enough', ADA_HAS_IT, 'ada'],
  ['the last speaker through silence', [...ADA_HAS_IT, [60_000, []]], 'ada'],
  ['the holder through a breath', [...ADA_HAS_IT, [600, ['ken']], [1_200, ['ken']]], 'ada'],
  ['the next one when the floor is free', [...ADA_HAS_IT, [700, []], [1_000, ['ken']], [1_500, ['ken']]], 'ken'],
  ['the holder while another talks over them', [...ADA_HAS_IT, [600, ['ken', 'ada']], [2_500, ['ken', 'ada']]], 'ada'],
  ['the other after two seconds of it', [...ADA_HAS_IT, [600, ['ken', 'ada']], [2_600, ['ken', 'ada']]], 'ken'],
  [
    'the holder when the loudest take turns',
    [...ADA_HAS_IT, [600, ['ken', 'ada']], [1_500, ['liz', 'ada']], [2_900, ['ken', 'ada']]],
    'ada',
  ],
])('L8 the floor has %s', (_, heard, focus) => {
  expect(after(...heard).focus).toBe(focus);
});

test('L8 asked again when it is due, the floor changes hands without a new sound', () => {
  const waiting = after(...ADA_HAS_IT, [600, ['ken']]);
  const due = focusDue(waiting);
  expect(due).toBe(1_500);
  expect(focusOn(waiting, ['ken'], due ?? 0).focus).toBe('ken');
  expect(focusDue(after(...ADA_HAS_IT))).toBeNull();
});
