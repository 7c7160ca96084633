import { MESH_SEATS } from '@parley/domain';
import { findMeshes, findStranded, type PlannedGroup } from '../store/media-calls.ts';
import { announce } from './announce.ts';
import { single } from './context.ts';
import { changeCall } from './keep-call.ts';
import type { CallDeps } from './types.ts';

/** Groups that one query names. */
const PAGE = 200;
/** Between two times that a group gives the media server up, in milliseconds. */
const PAUSE_MS = 300_000;

export interface MediaMoves {
  /** The media server is there: groups that are a mesh move to it. @returns how many */
  toServer(): Promise<number>;
  /** It is gone for good: groups that are small enough become a mesh. @returns how many */
  toMesh(): Promise<number>;
}

/** What becomes of groups when the media server comes or goes: an event of the server, in the ledger like any other. */
export function createMediaMoves(deps: CallDeps): MediaMoves {
  async function move({ callId, epoch }: PlannedGroup, reason: 'server_ready' | 'server_gone'): Promise<number> {
    // Whoever has moved it meanwhile, or ended it, has seen to it: the machine says so.
    const change = await deps.db.tx((sql) =>
      changeCall(deps, sql, callId, () => ({
        type: 'media_plan',
        actorId: null,
        deviceId: null,
        data: { reason, epoch },
      })),
    );
    if (!change?.announcement) return 0;
    announce(deps, change.announcement);
    return change.announcement.events.some(({ type }) => type === 'media_plan') ? 1 : 0;
  }

  async function moveAll(
    next: (after: string | null) => Promise<PlannedGroup[]>,
    reason: 'server_ready' | 'server_gone',
  ): Promise<number> {
    let count = 0;
    let after: string | null = null;
    for (;;) {
      const page: PlannedGroup[] = await next(after);
      for (const group of page) {
        // Each by itself: what cannot be moved keeps no other from it, and is tried again with the next look.
        count += await move(group, reason).catch((error: unknown) => {
          deps.log.warn({ callId: group.callId, reason: String(error) }, 'The media of a call could not be moved');
          return 0;
        });
      }
      after = page.at(-1)?.callId ?? null;
      if (page.length < PAGE) break;
    }
    if (count > 0) deps.log.info({ count, reason }, 'Media of groups moved');
    return count;
  }

  return {
    toServer: () => moveAll((after) => findMeshes(single(deps), after, PAGE), 'server_ready'),
    toMesh: () => {
      const options = { limit: PAGE, seats: MESH_SEATS, pauseMs: PAUSE_MS, skewMs: deps.clock.skewMs() };
      return moveAll((after) => findStranded(single(deps), after, options), 'server_gone');
    },
  };
}
