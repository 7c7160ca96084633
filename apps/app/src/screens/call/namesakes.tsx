import { createContext, type ReactNode, use, useMemo } from 'react';
import { firstName, namesakes } from '../../words/format';
import type { Person } from '../snapshots';

const Namesakes = createContext<ReadonlyMap<string, string>>(new Map());

export interface TellingApartProps {
  readonly people: readonly Pick<Person, 'id' | 'displayName'>[];
  readonly children: ReactNode;
}

/** Whose first name is somebody else's too is called by more of it in what is drawn below. */
export function TellingApart({ people, children }: TellingApartProps) {
  // Snapshots are new with each thing that happens; the names are not.
  const key = people.map(({ id, displayName }) => `${id} ${displayName}`).join('\n');
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says it all
  const names = useMemo(() => namesakes(people), [key]);
  return <Namesakes value={names}>{children}</Namesakes>;
}

/** What stands for a person where there is little room. */
export const useShortName = ({ id, displayName }: Pick<Person, 'id' | 'displayName'>): string =>
  use(Namesakes).get(id) ?? firstName(displayName);
