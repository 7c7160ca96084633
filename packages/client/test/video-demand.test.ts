import { ADA, FAKE_CAPABILITIES, FakeEngine, FakeRoom, GRACE } from '@parley/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { VideoDemand } from '../src/media/video-demand.ts';

let demand: VideoDemand;
let engine: FakeEngine;
const CALL = 'a call';
const CROWD = [ADA.id, GRACE.id, 'linus', 'margaret', 'ken'];

beforeEach(() => {
  demand = new VideoDemand();
  demand.begin(CALL);
  engine = new FakeEngine(new FakeRoom());
});

const asked = (userId: string | null, of: 'camera' | 'screen' = 'camera') =>
  engine.asked.findLast((one) => one.userId === userId && one.of === of)?.quality;

describe('what is looked at in a call', () => {
  const small = [{ userId: GRACE.id, source: 'camera', quality: 'low' }] as const;

  it('is still asked for when it is come back to, since its screen does not say it again', () => {
    demand.look(CALL, small);
    demand.apply(engine, CROWD);
    demand.reset();
    demand.begin(CALL);
    const again = new FakeEngine(new FakeRoom());
    demand.apply(again, CROWD);
    const camera = again.asked.filter(({ of }) => of === 'camera');
    expect(camera.find(({ userId }) => userId === GRACE.id)?.quality).toBe('low');
    expect(camera.find(({ userId }) => userId === 'ken')?.quality).toBe('off');
  });

  it('says nothing of another one, also not what its screen says as it goes', () => {
    demand.look(CALL, small);
    demand.reset();
    demand.begin('the next one');
    demand.look(CALL, []);
    demand.apply(engine, [GRACE.id]);
    expect(asked(GRACE.id)).toBe('high');
  });
});

describe('which pictures are asked for', () => {
  it('all of a few sharp, and of many small, as long as nobody says who is looked at', () => {
    demand.apply(engine, [GRACE.id]);
    expect([asked(GRACE.id), asked(GRACE.id, 'screen')]).toEqual(['high', 'high']);
    demand.apply(engine, CROWD);
    expect([asked(GRACE.id), asked('ken'), asked('ken', 'screen')]).toEqual(['low', 'low', 'high']);
  });

  it('those that are looked at, each as sharp as it is wanted: a person and their screen apart', () => {
    demand.look(CALL, [
      { userId: GRACE.id, source: 'screen', quality: 'high' },
      { userId: GRACE.id, source: 'camera', quality: 'low' },
      { userId: 'ken', source: 'camera', quality: 'high' },
    ]);
    demand.apply(engine, CROWD);
    expect([asked(GRACE.id, 'screen'), asked(GRACE.id), asked('ken'), asked('ken', 'screen')]).toEqual([
      'high',
      'low',
      'high',
      'off',
    ]);
    expect([asked('linus'), asked('linus', 'screen'), asked(null), asked(null, 'screen')]).toEqual([
      'off',
      'off',
      'off',
      'off',
    ]);
  });

  it('none with the data saver or on a weak connection, and those that are looked at after that', () => {
    demand.look(CALL, [{ userId: GRACE.id, source: 'camera', quality: 'high' }]);
    for (const set of [demand.setDataSaver.bind(demand), demand.setWeak.bind(demand)]) {
      set(true);
      demand.apply(engine, [GRACE.id]);
      expect([demand.soundAlone, asked(GRACE.id), asked(null, 'screen')]).toEqual([true, 'off', 'off']);
      set(false);
      demand.apply(engine, [GRACE.id]);
      expect([demand.soundAlone, asked(GRACE.id)]).toEqual([false, 'high']);
    }
  });

  it('not again what was asked for already, and nothing of an engine that cannot', () => {
    demand.apply(engine, [GRACE.id]);
    const before = engine.asked.length;
    demand.apply(engine, [GRACE.id]);
    expect(engine.asked).toHaveLength(before);
    const other = new FakeEngine(new FakeRoom(), { ...FAKE_CAPABILITIES, videoQuality: false });
    demand.apply(other, [GRACE.id]);
    expect(other.asked).toEqual([]);
  });
});
