import { describe, expect, it } from 'vitest';
import { Email, Name, Password, Timestamp, Uuid } from '../src/index.ts';

const ID = '0B5E6A0E-6F7E-4F5F-9A94-4D3C2C1A0B0E';

describe('scalars', () => {
  it('an id is a UUID in any case, and in lower case from there on', () => {
    expect(Uuid.parse(ID)).toBe(ID.toLowerCase());
    for (const no of ['', '7', `${ID}0`, ID.replaceAll('-', ''), `{${ID}}`, `${ID}\n`, 7, null]) {
      expect([no, Uuid.safeParse(no).success]).toEqual([no, false]);
    }
  });

  it('a time is RFC 3339 in UTC with milliseconds', () => {
    expect(Timestamp.safeParse('2026-11-22T20:44:00.000Z').success).toBe(true);
    for (const no of ['2026-11-22T20:44:00Z', '2026-11-22T20:44:00.000+01:00', '2026-11-22', 'now']) {
      expect([no, Timestamp.safeParse(no).success]).toEqual([no, false]);
    }
  });

  it('a name is trimmed, not empty, and has no control characters', () => {
    expect(Name.parse('  Zoë 🦊 ')).toBe('Zoë 🦊');
    for (const no of ['', '   ', 'a\nb', 'a\u0000b', 'x'.repeat(81)]) {
      expect([no, Name.safeParse(no).success]).toEqual([no, false]);
    }
  });

  it('an email is kept in lower case; a password has eight characters or more', () => {
    expect(Email.parse('Ada@Example.TEST')).toBe('ada@example.test');
    expect(Email.safeParse('ada').success).toBe(false);
    expect(Password.safeParse('1234567').success).toBe(false);
    expect(Password.safeParse('12345678').success).toBe(true);
  });
});
