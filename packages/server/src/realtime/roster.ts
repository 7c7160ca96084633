import type { Logger } from '../ports/logger.ts';
import type { Timers } from '../ports/timers.ts';
import type { FanoutMessage, RosterEntry, SeatRef } from './fanout.ts';
import type { NodeFanout } from './node-fanout.ts';
import type { Presence } from './presence.ts';
import { seatKey } from './session.ts';

/** How often a node says that it lives, and after which silence it counts as dead, in milliseconds. */
const BEAT_MS = 2_000;
const NODE_LEASE_MS = 8_000;
/** Sockets that come and go are told at once, and what follows within this time together, in milliseconds. */
const GATHER_MS = 100;
/** Sockets of one part of a roll. */
const PART = 500;
/** A roll is asked for once in so many milliseconds. */
const ASK_MS = 1_000;

export interface RosterDeps {
  readonly fanout: NodeFanout;
  readonly presence: Presence;
  /** A socket of another node is gone. */
  readonly onGone: (seat: SeatRef) => void;
  /** Another node has a socket of an instance that may have one here too. */
  readonly onHere: (entry: RosterEntry) => void;
  readonly timers: Timers;
  readonly now: () => number;
  readonly log: Logger;
}

interface Peer {
  heardAt: number;
  /** Of the roster that is known of it; -1 before the first. */
  version: number;
  askedAt: number;
  readonly seats: Map<string, RosterEntry>;
  /** How many of them are a person's. */
  readonly people: Map<string, number>;
  /** What has come of a roll. */
  roll: { readonly version: number; readonly parts: RosterEntry[][] } | null;
}

/**
 * Which sockets the other nodes have. Each node tells its own, as they come and go, under a running number; whoever finds that a
 * number is missing asks for all of them. A node that is not heard of for its lease is gone, and its sockets with it. None of that
 * lies in Redis: when Redis is emptied nothing is lost.
 */
export class Roster {
  readonly #deps: RosterDeps;
  readonly #peers = new Map<string, Peer>();
  /** Where an instance has its socket. */
  readonly #nodes = new Map<string, string>();
  readonly #unsubscribe: (() => void)[];
  /** The sockets of this node. */
  readonly #own = new Map<string, RosterEntry>();
  #version = 0;
  #here = new Map<string, RosterEntry>();
  #gone = new Map<string, SeatRef>();
  #gathering = false;
  #beatAt: number;
  #beatTimer: unknown = null;
  #stopped = false;

  constructor(deps: RosterDeps) {
    this.#deps = deps;
    this.#beatAt = deps.now();
    this.#unsubscribe = [
      deps.fanout.subscribe((message, from) => {
        if (from !== null) this.#receive(message, from);
        // Whoever hears of it may answer at once, and has to know where.
        else if (message.t === 'call' || message.t === 'ready') this.#flush();
      }),
      deps.fanout.onChange(() => this.#pathsChanged()),
    ];
    this.#beat();
  }

  /** Other nodes that live. */
  get peers(): number {
    return this.#peers.size;
  }

  nodeOf(seat: SeatRef): string | undefined {
    return this.#nodes.get(seatKey(seat));
  }

  /** A socket of this node is there. */
  add(entry: RosterEntry): void {
    this.#own.set(seatKey(entry), entry);
    this.#gone.delete(seatKey(entry));
    this.#here.set(seatKey(entry), entry);
    this.#gather();
  }

  /** A socket of this node is gone. */
  remove(seat: SeatRef): void {
    this.#own.delete(seatKey(seat));
    this.#here.delete(seatKey(seat));
    this.#gone.set(seatKey(seat), { userId: seat.userId, instanceId: seat.instanceId });
    this.#gather();
  }

  /** The others need not wait for the lease. */
  stop(): void {
    if (this.#stopped) return;
    this.#flush();
    this.#deps.fanout.publish({ t: 'bye' });
    this.#stopped = true;
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    this.#deps.timers.clearTimeout(this.#beatTimer);
  }

  #gather(): void {
    if (this.#gathering || this.#stopped) return;
    this.#gathering = true;
    this.#flush();
    const wait = () => {
      this.#deps.timers.setTimeout(() => {
        if (this.#here.size + this.#gone.size === 0 || this.#stopped) {
          this.#gathering = false;
          return;
        }
        this.#flush();
        wait();
      }, GATHER_MS);
    };
    wait();
  }

  #flush(): void {
    if (this.#here.size + this.#gone.size === 0) return;
    this.#version += 1;
    const [here, gone] = [[...this.#here.values()], [...this.#gone.values()]];
    this.#here.clear();
    this.#gone.clear();
    this.#deps.fanout.publish({ t: 'roster', version: this.#version, here, gone });
  }

  #beat(): void {
    if (this.#stopped) return;
    this.#sayBeat();
    this.#judge();
    this.#beatTimer = this.#deps.timers.setTimeout(() => this.#beat(), BEAT_MS);
  }

  #sayBeat(): void {
    const { redis, resumed } = this.#deps.fanout;
    this.#deps.fanout.publish({ t: 'beat', redis, roster: this.#version, resumed });
  }

  #pathsChanged(): void {
    if (this.#stopped) return;
    // While nothing could be heard nobody could be heard of: that time does not count.
    for (const peer of this.#peers.values()) peer.heardAt = this.#deps.now();
    this.#sayBeat();
  }

  #judge(): void {
    const { now, fanout } = this.#deps;
    const late = now() - this.#beatAt - BEAT_MS;
    this.#beatAt = now();
    for (const [node, peer] of [...this.#peers]) {
      // Nor does time in which this process stood still.
      if (late > BEAT_MS) peer.heardAt += late;
      if (!fanout.hears) peer.heardAt = now();
      if (now() - peer.heardAt > NODE_LEASE_MS)
        this.#lose(node, 'No sign of life of another node: its sockets are gone');
    }
  }

  #receive(message: FanoutMessage, from: string): void {
    switch (message.t) {
      case 'beat': {
        const peer = this.#peer(from);
        if (peer.version !== message.roster) this.#ask(from, peer);
        return;
      }
      case 'roster': {
        const peer = this.#peer(from);
        if (message.version <= peer.version) return;
        if (message.version !== peer.version + 1) {
          this.#ask(from, peer);
          return;
        }
        peer.version = message.version;
        this.#deps.presence.together(() => {
          for (const seat of message.gone) this.#unseat(from, peer, seatKey(seat));
          for (const entry of message.here) this.#seat(from, peer, entry);
        });
        return;
      }
      case 'roll_call':
        this.#answer(from);
        return;
      case 'roll':
        this.#take(from, this.#peer(from), message);
        return;
      case 'bye':
        this.#lose(from, 'Another node stops');
        return;
      default:
    }
  }

  #peer(node: string): Peer {
    const known = this.#peers.get(node);
    if (known) {
      known.heardAt = this.#deps.now();
      return known;
    }
    const peer: Peer = {
      heardAt: this.#deps.now(),
      version: -1,
      askedAt: Number.NEGATIVE_INFINITY,
      seats: new Map(),
      people: new Map(),
      roll: null,
    };
    this.#peers.set(node, peer);
    this.#deps.log.info({ node, nodes: this.#peers.size + 1 }, 'Another node is there');
    // It does not know of this one either.
    this.#sayBeat();
    return peer;
  }

  #ask(node: string, peer: Peer): void {
    const { now, fanout } = this.#deps;
    if (now() - peer.askedAt < ASK_MS) return;
    peer.askedAt = now();
    fanout.tell(node, { t: 'roll_call' });
  }

  #answer(node: string): void {
    // What has not been told yet is in the roll: under the number that it would have had.
    this.#flush();
    const { presence } = this.#deps;
    const all = [...this.#own.values()].map((entry) => ({
      ...entry,
      teamIds: presence.teamsOf(entry.userId),
      state: presence.stateOf(entry.userId),
    }));
    const parts = Math.max(1, Math.ceil(all.length / PART));
    for (let part = 0; part < parts; part += 1) {
      const here = all.slice(part * PART, (part + 1) * PART);
      this.#deps.fanout.tell(node, { t: 'roll', version: this.#version, part, parts, here });
    }
  }

  #take(node: string, peer: Peer, message: Extract<FanoutMessage, { t: 'roll' }>): void {
    const { version, part, parts, here } = message;
    if (version < peer.version) return;
    if (part === 0) peer.roll = { version, parts: [] };
    const { roll } = peer;
    if (!roll || roll.version !== version || roll.parts.length !== part) return;
    roll.parts.push([...here]);
    if (roll.parts.length < parts) return;
    peer.roll = null;
    peer.version = version;
    const all = new Map(roll.parts.flat().map((entry) => [seatKey(entry), entry]));
    this.#deps.presence.together(() => {
      for (const key of [...peer.seats.keys()]) if (!all.has(key)) this.#unseat(node, peer, key);
      for (const entry of all.values()) this.#seat(node, peer, entry);
    });
  }

  #seat(node: string, peer: Peer, entry: RosterEntry): void {
    const { presence, onHere } = this.#deps;
    const key = seatKey(entry);
    if (!peer.seats.has(key)) peer.people.set(entry.userId, (peer.people.get(entry.userId) ?? 0) + 1);
    peer.seats.set(key, entry);
    const other = this.#peers.get(this.#nodes.get(key) ?? '')?.seats.get(key);
    if (!other || other.since <= entry.since) this.#nodes.set(key, node);
    // Of whoever is known here the state is known too, and no older than this.
    const state = presence.has(entry.userId) ? presence.stateOf(entry.userId) : entry.state;
    presence.online(entry.userId, entry.teamIds, state, node);
    onHere(entry);
  }

  #unseat(node: string, peer: Peer, key: string): void {
    const entry = peer.seats.get(key);
    if (!entry) return;
    peer.seats.delete(key);
    if (this.#nodes.get(key) === node) {
      this.#nodes.delete(key);
      this.#deps.onGone(entry);
    }
    const left = (peer.people.get(entry.userId) ?? 1) - 1;
    if (left > 0) {
      peer.people.set(entry.userId, left);
      return;
    }
    peer.people.delete(entry.userId);
    this.#deps.presence.offline(entry.userId, node);
  }

  #lose(node: string, why: string): void {
    const peer = this.#peers.get(node);
    if (!peer) return;
    this.#peers.delete(node);
    this.#deps.log.info({ node, sockets: peer.seats.size, nodes: this.#peers.size + 1 }, why);
    for (const [key, entry] of peer.seats) {
      if (this.#nodes.get(key) !== node) continue;
      this.#nodes.delete(key);
      this.#deps.onGone(entry);
    }
    this.#deps.presence.together(() => {
      for (const userId of peer.people.keys()) this.#deps.presence.offline(userId, node);
    });
  }
}
