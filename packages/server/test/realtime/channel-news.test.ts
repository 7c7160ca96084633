import { describe, expect, it } from 'vitest';
import { ChannelNews } from '../../src/realtime/channel-news.ts';
import { ADA, GRACE, id, seat, viewOf } from '../support/hub-stage.ts';

const CHANNEL = id(55);

function group(version: number, seated: readonly string[], change: { isMuted?: boolean; over?: boolean } = {}) {
  const view = viewOf(
    version,
    change.over ? 'ended' : 'connected',
    seated.map((user) => seat(user)),
  );
  const participants = view.call.participants.map((one) => ({ ...one, isMuted: change.isMuted ?? false }));
  return { ...view, call: { ...view.call, channelId: CHANNEL, callType: 'group_audio' as const, participants } };
}

describe('ChannelNews', () => {
  it('P91 tells who is there, and nothing where what a channel shows is the same', () => {
    const channels = new ChannelNews();
    expect(channels.of(group(1, [ADA]))).toMatchObject({ channelId: CHANNEL, call: { count: 1, version: 1 } });
    expect(channels.of(group(2, [ADA], { isMuted: true }))).toBeUndefined();
    expect(channels.of(group(3, [ADA, GRACE]))).toMatchObject({ call: { count: 2, version: 3 } });
    expect(channels.of(group(4, [], { over: true }))).toEqual({ channelId: CHANNEL, call: null });
    expect(channels.of(group(5, [ADA]))).toMatchObject({ call: { count: 1 } });
  });

  it('P91 does not end the call that runs when the end of the one before is told again', () => {
    const channels = new ChannelNews();
    const next = group(1, [GRACE]);
    channels.of(group(3, [ADA]));
    expect(channels.of(group(4, [], { over: true }))).toEqual({ channelId: CHANNEL, call: null });
    expect(channels.of({ ...next, call: { ...next.call, id: id(61) } })).toMatchObject({ call: { id: id(61) } });
    expect(channels.of(group(4, [], { over: true }))).toBeUndefined();
  });

  it('P91 says nothing of what is in no channel, or is a call of two', () => {
    const channels = new ChannelNews();
    expect(channels.of(viewOf(1, 'connecting', [seat(ADA)]))).toBeUndefined();
    const view = group(2, [ADA]);
    expect(channels.of({ ...view, call: { ...view.call, channelId: null } })).toBeUndefined();
  });
});
