import type { Person } from '../screens/snapshots';

const person = (id: string, displayName: string, presence: Person['presence'] = 'online'): Person => ({
  id,
  displayName,
  presence: presence ?? 'online',
});

/** The demo team, with ids whose colours differ. */
export const ada = person('ada-2', 'Ada Lovelace');
export const grace = person('grace-1', 'Grace Hopper');
export const linus = person('linus-1', 'Linus Torvalds', 'in_call');
export const margaret = person('margaret-1', 'Margaret Hamilton');
export const ken = person('ken-1', 'Ken Thompson');
export const barbara = person('barbara-1', 'Barbara Liskov', 'offline');
export const dennis = person('dennis-1', 'Dennis Ritchie', 'offline');
export const radia = person('radia-1', 'Radia Perlman', 'offline');
export const everybody: readonly Person[] = [ada, grace, linus, margaret, ken, barbara, dennis, radia];
