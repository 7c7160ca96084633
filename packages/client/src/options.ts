import type { DeviceType } from '@parley/protocol';
import type { EngineFactories } from './media/call-media.ts';
import type { Capture } from './ports/capture.ts';
import type { ConnectionsAhead } from './ports/connections-ahead.ts';
import type { Devices, LevelMeter } from './ports/devices.ts';
import type { Locks } from './ports/locks.ts';
import type { Clock, Fetch, Hints, Ids, KeyValueStore } from './ports/platform.ts';
import type { SocketConnector } from './ports/socket.ts';

/** What a client needs of the machine and of whoever embeds it. */
export interface ParleyClientOptions {
  /** Origin of the server, for example `https://parley.example`; empty for the page's own (the socket then needs `socketUrl`). */
  readonly baseUrl: string;
  /** By default `<baseUrl>/api/realtime` as `ws:` or `wss:`. */
  readonly socketUrl?: string;
  readonly fetch: Fetch;
  readonly socket: SocketConnector;
  readonly storage: KeyValueStore;
  /** Lives as long as the tab (web: sessionStorage); null where an instance is a process. */
  readonly instanceStorage: KeyValueStore | null;
  readonly locks: Locks;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly random: () => number;
  readonly capture: Capture;
  readonly devices: Devices;
  /** Null where it cannot be measured. */
  readonly levels: LevelMeter | null;
  readonly engines: EngineFactories;
  /** What makes the connection of a call before it is placed; left out, it is made with the call. */
  readonly connectionsAhead?: ConnectionsAhead;
  readonly hints: Hints;
  /** On what it runs; told with what is measured in calls. */
  readonly deviceType?: DeviceType;
}
