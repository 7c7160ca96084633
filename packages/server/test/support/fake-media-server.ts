import type { MediaGrants, MediaServer, MediaServerState, RoomMember } from '../../src/ports/media-server.ts';

/** Rooms in memory. What it was asked for stands in `asked`. */
export class FakeMediaServer implements MediaServer {
  readonly rooms = new Map<string, Map<string, MediaGrants>>();
  readonly asked: string[] = [];
  now: MediaServerState = 'ready';
  /** Each request fails while it is set. */
  away = false;

  readonly state = (): MediaServerState => this.now;
  readonly publicUrl = (): string | null => (this.now === 'absent' ? null : 'ws://localhost:3000/livekit');

  /** Somebody comes in, with whatever token they have. */
  enter(room: string, identity: string, grants: MediaGrants): void {
    const people = this.rooms.get(room) ?? new Map<string, MediaGrants>();
    this.rooms.set(room, people.set(identity, grants));
  }

  async issueToken({ room, identity, ttlSeconds }: { room: string; identity: string; ttlSeconds: number }) {
    this.#reach(`token ${room} ${identity}`);
    if (!this.rooms.has(room)) this.rooms.set(room, new Map());
    return { token: `token of ${identity} for ${room}`, expiresAt: new Date(Date.now() + ttlSeconds * 1_000) };
  }

  async setGrants(room: string, identity: string, grants: MediaGrants): Promise<void> {
    this.#reach(`grant ${identity} ${grants.subscribe ? 'all' : 'ahead'}`);
    if (this.rooms.get(room)?.has(identity)) this.enter(room, identity, grants);
  }

  async remove(room: string, identity: string): Promise<boolean> {
    this.#reach(`remove ${identity}`);
    return this.rooms.get(room)?.delete(identity) ?? false;
  }

  async mute(_room: string, identity: string, source: string): Promise<void> {
    this.#reach(`mute ${identity} ${source}`);
  }

  async closeRoom(room: string): Promise<void> {
    this.#reach('close');
    this.rooms.delete(room);
  }

  async members(room: string): Promise<readonly RoomMember[] | null> {
    if (this.away) throw new Error('The media server is away.');
    const people = this.rooms.get(room);
    if (people === undefined) return null;
    return [...people].map(([identity, grants]) => ({ identity, grants, joinedAt: new Date(0), publishing: [] }));
  }

  async verifyWebhook(): Promise<null> {
    return null;
  }

  #reach(what: string): void {
    if (this.away) throw new Error('The media server is away.');
    this.asked.push(what);
  }
}
