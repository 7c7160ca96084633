import type { Person } from '../screens/snapshots';

const person = (id: string, displayName: string, presence: Person['presence'] = 'online'): Person => ({
  id,
  displayName,
  presence: presence ?? 'online',
});

/** The demo team, with ids whose colours differ. */
export const ada = person('ada-12', 'Ada Lovelace');
export const grace = person('grace-4', 'Grace Hopper');
export const linus = person('linus-1', 'Linus Torvalds', 'in_call');
export const margaret = person('margaret-10', 'Margaret Hamilton');
export const ken = person('ken-16', 'Ken Thompson');
export const barbara = person('barbara-5', 'Barbara Liskov', 'offline');
export const dennis = person('dennis-15', 'Dennis Ritchie', 'offline');
const radia = person('radia-6', 'Radia Perlman', 'offline');
export const everybody: readonly Person[] = [ada, grace, linus, margaret, ken, barbara, dennis, radia];
