import { GroupStage } from '../group/GroupStage';
import type { ActiveCallSnapshot, PersonOnStage } from '../snapshots';

export interface SharedStageProps {
  readonly snapshot: Pick<ActiveCallSnapshot, 'others' | 'self'>;
}

const NO_REACTIONS = [] as const;
/** Of two nobody has to be found who speaks. */
const NO_SPEAKERS = [] as const;

const inGroup = <P extends PersonOnStage>(person: P) => ({
  ...person,
  screen: person.screen ?? null,
  hand: null,
  isHost: false,
});

/** A call of two in which the other one shares a screen: it is laid out as a group's. */
export function SharedStage({ snapshot: { others, self } }: SharedStageProps) {
  return (
    <GroupStage
      snapshot={{
        others: others.map((person) => ({ ...inGroup(person), isGuest: false })),
        self: { ...inGroup(self), canShare: self.canShare === true },
        reactions: NO_REACTIONS,
        speakers: NO_SPEAKERS,
      }}
      view="grid"
      pinned={null}
      onOptions={undefined}
      onInSight={undefined}
    />
  );
}
