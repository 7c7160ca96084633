import { isSeatedState } from '@parley/domain';
import type { CallView, Participant } from '@parley/protocol';
import type { Self } from '../calls/state.ts';
import type { Admitted } from '../ports/media-engine.ts';

/** Whoever is rung and has gone into the room ahead takes no part yet. The view of a large call names not all who do. */
export function admittedBy({ call }: CallView, self: Self): Admitted {
  const others = call.participants.filter(({ userId }) => userId !== self.user.id);
  const seated = ({ state }: Participant) => isSeatedState(state);
  return call.counts === undefined
    ? { only: others.filter(seated).map(({ userId }) => userId) }
    : { except: others.filter((person) => !seated(person)).map(({ userId }) => userId) };
}
