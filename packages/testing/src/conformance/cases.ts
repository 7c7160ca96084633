import type { Case } from './case.ts';
import { devices } from './chapters/devices.ts';
import { duplicates } from './chapters/duplicates.ts';
import { ends } from './chapters/ends.ts';
import { frames } from './chapters/frames.ts';
import { glare } from './chapters/glare.ts';
import { groups } from './chapters/groups.ts';
import { leases } from './chapters/leases.ts';
import { order } from './chapters/order.ts';
import { resume } from './chapters/resume.ts';
import { strangers } from './chapters/strangers.ts';
import { time } from './chapters/time.ts';

/** The chapters of the list, in the order in which it is printed. */
export const CHAPTERS: Readonly<Record<string, readonly Case[]>> = {
  glare,
  'order of things': order,
  duplicates,
  time,
  'several devices': devices,
  ends,
  'coming back': resume,
  'frames and requests': frames,
  strangers,
  groups,
  'heartbeat and leases': leases,
};

export const CASES: readonly Case[] = Object.values(CHAPTERS).flat();
