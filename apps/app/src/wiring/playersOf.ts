import type { MediaStreamLike, PersonInCall, SoundAhead } from '@parley/client';

export interface Player {
  readonly key: string;
  readonly userId: string;
  readonly stream: MediaStreamLike | null;
  /** They take part: what comes of them is to be heard. */
  readonly taking: boolean;
}

/**
 * Who is played, each by one player for as long as they are in the call, whichever stream they come by. Somebody whose stream was given
 * to a player while it rang keeps that one.
 * @param known the players of those who have been heard, by their user ids
 */
export function playersOf(
  people: readonly Pick<PersonInCall, 'userId' | 'stream'>[],
  ahead: readonly SoundAhead[],
  known: ReadonlyMap<string, string>,
): readonly Player[] {
  const taking = people.flatMap(({ userId, stream }): Player[] => {
    const key = known.get(userId) ?? stream?.id;
    return key === undefined ? [] : [{ key, userId, stream, taking: true }];
  });
  const waiting = ahead
    .filter(({ userId }) => taking.every((player) => player.userId !== userId))
    .map(({ userId, stream }): Player => ({ key: stream.id, userId, stream, taking: false }));
  return [...taking, ...waiting];
}
