import type { DeviceId, InstanceId } from '@parley/domain';
import type { Locks } from '../ports/locks.ts';
import type { Ids, KeyValueStore } from '../ports/platform.ts';

const DEVICE_KEY = 'parley.device';
const INSTANCE_KEY = 'parley.instance';
/** A page that reloads has to let go of its lock first; a tab that was duplicated never does. */
const RELOAD_GRACE_MS = 700;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export interface Identity {
  /** The installation: made once and kept. */
  readonly deviceId: DeviceId;
  /** The running copy: survives a reload, and a duplicated tab gets one of its own. */
  readonly instanceId: InstanceId;
  release(): void;
}

interface IdentityDeps {
  readonly storage: KeyValueStore;
  /** Storage that lives as long as the tab (web: sessionStorage); absent where an instance is a process. */
  readonly instanceStorage: KeyValueStore | null;
  readonly locks: Locks;
  readonly ids: Ids;
}

export async function loadIdentity({ storage, instanceStorage, locks, ids }: IdentityDeps): Promise<Identity> {
  const deviceId = await locks.exclusive('parley.identity', () => readOrMake(storage, DEVICE_KEY, ids));
  if (!instanceStorage) return { deviceId, instanceId: ids.uuid(), release: () => undefined };
  const kept = await readOrMake(instanceStorage, INSTANCE_KEY, ids);
  const held = await locks.hold(lockName(kept), RELOAD_GRACE_MS);
  if (held) return { deviceId, instanceId: kept, release: held };
  // The browser copied sessionStorage into a duplicated tab, whose original still runs.
  const own = ids.uuid();
  await instanceStorage.set(INSTANCE_KEY, own);
  const release = await locks.hold(lockName(own), RELOAD_GRACE_MS);
  return { deviceId, instanceId: own, release: release ?? (() => undefined) };
}

const lockName = (instanceId: InstanceId) => `parley.instance.${instanceId}`;

async function readOrMake(storage: KeyValueStore, key: string, ids: Ids): Promise<string> {
  const kept = await storage.get(key);
  if (kept !== null && UUID.test(kept)) return kept;
  const made = ids.uuid().toLowerCase();
  await storage.set(key, made);
  return made;
}
