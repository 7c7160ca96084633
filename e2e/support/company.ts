import { HeadlessPerson } from './headless.ts';
import type { ParleyServer } from './server.ts';

const TEAM = ['Linus', 'Margaret', 'Ken', 'Barbara', 'Dennis', 'Radia', 'Grace'] as const;
/** Colleagues for larger calls than the demo team has people. */
const MORE = [
  'Tony Hoare',
  'Frances Allen',
  'Edsger Dijkstra',
  'Jean Sammet',
  'Niklaus Wirth',
  'Kathleen Booth',
] as const;

/** So many people without browsers, who are signed in and in no call: Ada is not among them, and Grace comes last of the team. */
export async function companyOf(parley: ParleyServer, count: number): Promise<[HeadlessPerson, ...HeadlessPerson[]]> {
  const [first, ...others] = await Promise.all(
    TEAM.slice(0, count).map((name) => HeadlessPerson.signIn(parley.url, name)),
  );
  if (first === undefined) throw new Error('Nobody is wanted.');
  const people: [HeadlessPerson, ...HeadlessPerson[]] = [first, ...others];
  for (const name of MORE.slice(0, Math.max(0, count - TEAM.length))) people.push(await first.colleague(name));
  if (people.length !== count) throw new Error(`There are no ${count} people.`);
  return people;
}

/** Into one call in a channel, which the first starts. One after the other: what is looked at is the room, not two cores. @returns its id */
export async function gather(
  [first, ...others]: readonly [HeadlessPerson, ...HeadlessPerson[]],
  channel: string,
  options: Parameters<HeadlessPerson['join']>[1] = {},
): Promise<string> {
  const callId = await first.startIn(channel, 'group_video', options);
  for (const person of others) await person.join(callId, options);
  return callId;
}
