import type { CallEventRecord, CallView, Ring } from '@parley/protocol';
import { EdgeError } from '../../src/ports/edge-error.ts';
import type { CallCommand } from '../../src/usecases/parse-command.ts';
import type { Actor, CallUseCases, CommandResult, Renewal, WelcomeRequest } from '../../src/usecases/types.ts';

/** Use cases that a hub's test scripts: no database, everything that was asked is kept. */
export class FakeCalls implements CallUseCases {
  readonly views = new Map<string, CallView>();
  readonly ledger = new Map<string, CallEventRecord[]>();
  readonly teams = new Map<string, string[]>();
  readonly rings = new Map<string, Ring[]>();
  readonly commands: { actor: Actor; key: string; callId: string; command: CallCommand }[] = [];
  readonly renewals: (readonly Renewal[])[] = [];
  /** Runs in every command; a test may hold it up. */
  onCommand: (command: CallCommand) => Promise<void> = async () => {};
  onSnapshot: () => Promise<void> = async () => {};
  loads = 0;

  create(): Promise<CommandResult> {
    throw new EdgeError('sfu_unavailable');
  }

  async command(actor: Actor, key: string, callId: string, command: CallCommand): Promise<CommandResult> {
    this.commands.push({ actor, key, callId, command });
    await this.onCommand(command);
    return { status: 200, view: await this.get(actor, callId) };
  }

  async get(actor: Actor, callId: string): Promise<CallView> {
    const view = this.views.get(callId);
    if (!view?.call.participants.some((p) => p.userId === actor.userId)) throw new EdgeError('not_found');
    return view;
  }

  async participants() {
    return { items: [], nextCursor: null };
  }

  async attune() {
    return 0;
  }

  async channelCall() {
    return null;
  }

  async list() {
    return { items: [], nextCursor: null };
  }

  async events(_actor: Actor, callId: string, after: number): Promise<readonly CallEventRecord[]> {
    return (this.ledger.get(callId) ?? []).filter(({ seq }) => seq > after);
  }

  mediaToken(): never {
    throw new EdgeError('not_found');
  }

  measure(): never {
    throw new EdgeError('not_found');
  }

  async notifications() {
    return { items: [], nextCursor: null };
  }

  async markRead() {}
  async touch() {}
  async seen() {}

  async renewLeases(renewals: readonly Renewal[]) {
    this.renewals.push(renewals);
  }

  async welcome({ actor }: WelcomeRequest) {
    await this.onSnapshot();
    return {
      user: { id: actor.userId, displayName: 'Somebody' },
      teamIds: this.teams.get(actor.userId) ?? [],
      calls: [...this.views.values()].filter((v) => v.call.participants.some((p) => p.userId === actor.userId)),
      ended: [],
      rings: this.rings.get(actor.deviceId ?? '') ?? [],
      inbox: { seq: 0, items: [] },
      doNotDisturbUntil: null,
    };
  }

  async ready(actor: Actor, callId: string, ringId: string) {
    const rings = this.rings.get(actor.deviceId ?? '') ?? [];
    if (!rings.some((ring) => ring.callId === callId && ring.ringId === ringId)) throw new EdgeError('ring_unknown');
  }

  async liveView(callId: string) {
    this.loads += 1;
    return this.views.get(callId) ?? null;
  }

  async leaveTeamCalls() {
    return () => {};
  }

  async settle() {
    return 0;
  }

  async beat() {}

  tidied = 0;
  async tidy() {
    this.tidied += 1;
    return 0;
  }
}
