import { describe, expect, it } from 'vitest';
import {
  chosenOf,
  defaultMark,
  defaultName,
  findWished,
  NO_WISHES,
  optionsOf,
  otherCamera,
  parseWishes,
} from '../src/media/device-choice.ts';
import type { MediaDevice } from '../src/ports/devices.ts';

const device = (id: string, label: string, more: Partial<MediaDevice> = {}): MediaDevice => ({
  kind: 'microphone',
  id,
  label,
  groupId: `group-${id}`,
  ...more,
});
const DESK = device('desk', 'Desk microphone');
const HEADSET = device('headset', 'Headset');
const DEFAULT = device('default', 'Default - Desk microphone', { groupId: 'group-desk' });

describe('what can be chosen', () => {
  it('is what is there of the kind, without the entries that stand for others', () => {
    const list = [DEFAULT, device('communications', 'x'), DESK, HEADSET, device('cam', 'Camera', { kind: 'camera' })];
    expect(optionsOf(list, 'microphone').map(({ id }) => id)).toEqual(['desk', 'headset']);
  });

  it('is nothing before a permission: a browser then lists nameless devices without ids', () => {
    expect(optionsOf([device('', '')], 'microphone')).toEqual([]);
  });

  it('has numbers where two have the same name', () => {
    const list = [device('a', 'USB'), device('b', 'USB'), DESK];
    expect(optionsOf(list, 'microphone').map(({ label }) => label)).toEqual(['USB (1)', 'USB (2)', 'Desk microphone']);
  });
});

describe('the remembered device', () => {
  it('is found by its id', () => {
    expect(findWished({ id: 'headset', label: 'old name' }, [DESK, HEADSET], 'microphone')).toBe(HEADSET);
  });

  it('is found by its name where a browser gives another id each time', () => {
    expect(findWished({ id: 'gone', label: 'Headset' }, [DESK, HEADSET], 'microphone')).toBe(HEADSET);
  });

  it('is not guessed between two of the same name', () => {
    const list = [device('a', 'USB'), device('b', 'USB')];
    expect(findWished({ id: 'gone', label: 'USB' }, list, 'microphone')).toBeNull();
  });

  it('is not a device of another kind', () => {
    expect(findWished({ id: 'desk', label: '' }, [{ ...DESK, kind: 'speaker' }], 'microphone')).toBeNull();
  });
});

describe('the system’s default', () => {
  it('has another mark when another device is behind it', () => {
    const moved = { ...DEFAULT, label: 'Default - Headset', groupId: 'group-headset' };
    expect(defaultMark([DEFAULT, DESK, HEADSET], 'microphone')).not.toBe(
      defaultMark([moved, DESK, HEADSET], 'microphone'),
    );
  });

  it('is the first where there is no entry of its own', () => {
    expect(defaultMark([DESK, HEADSET], 'microphone')).not.toBe(defaultMark([HEADSET, DESK], 'microphone'));
    expect(defaultName([HEADSET, DESK], 'microphone')).toBe('Headset');
  });

  it('is none of a camera, whichever comes first', () => {
    expect(defaultMark([{ ...DESK, kind: 'camera' }], 'camera')).toBe('');
  });

  it('is unknown as long as the browser does not tell', () => {
    expect(defaultMark([device('', '')], 'microphone')).toBe('');
    expect(defaultName([device('', '')], 'microphone')).toBeNull();
  });

  it('is called by the name of the device behind it', () => {
    expect(defaultName([DEFAULT, DESK], 'microphone')).toBe('Desk microphone');
  });

  it('has no name where the entry does not say for which device it stands', () => {
    expect(defaultName([device('default', 'Default'), DESK], 'microphone')).toBeNull();
  });
});

describe('what the settings show', () => {
  const options = optionsOf([DESK, HEADSET], 'microphone');
  it.each([
    ['the device that was asked for and opened', 'headset', 'headset', 'headset'],
    ['the default, whatever a browser calls the device behind it', null, 'desk', null],
    ['the device that really opened, not the one that was asked for', 'headset', 'desk', 'desk'],
    ['the default where something opened that is not on the list', 'headset', 'default', null],
    ['the device that was asked for where the track does not say', 'headset', undefined, 'headset'],
  ])('is %s', (_, asked, real, shown) => {
    expect(chosenOf(asked, real, options)).toBe(shown);
  });
});

describe('front and back', () => {
  const front = { id: 'f', label: '', place: 'front' } as const;
  const back = { id: 'b', label: '', place: 'back' } as const;
  it('take turns, and the first is the one in front', () => {
    expect(otherCamera(null, [front, back])).toBe(back);
    expect(otherCamera('b', [front, back])).toBe(front);
    expect(otherCamera('f', [front, back])).toBe(back);
  });
  it('are no matter of machines that have but one', () => {
    expect(otherCamera(null, [front])).toBeNull();
  });
});

describe('what was kept', () => {
  it('is read', () => {
    const kept = { microphone: { id: 'a', label: 'A' }, ring: null };
    expect(parseWishes(JSON.stringify(kept))).toEqual({ ...NO_WISHES, microphone: { id: 'a', label: 'A' } });
  });
  it.each([null, '', 'nonsense', '[]', 'null', '{"microphone":{"id":1}}'])(
    'is forgotten where it makes no sense: %s',
    (kept) => {
      expect(parseWishes(kept)).toEqual(NO_WISHES);
    },
  );
});
