import type { CallEvent } from '@parley/domain';
import { EdgeError } from '../ports/edge-error.ts';
import { bodyHash } from '../store/idempotency.ts';
import { type CallContext, hasMediaServer } from './context.ts';
import { observed } from './observed.ts';
import type { CallCommand } from './parse-command.ts';
import { refusal, runCommand } from './run-command.ts';
import type { Actor, CommandResult } from './types.ts';

/** @throws EdgeError with the refusal's code; `not_found` for outsiders; `device_required` */
export async function command(
  context: CallContext,
  actor: Actor,
  key: string,
  callId: string,
  command: CallCommand,
): Promise<CommandResult> {
  const { name, body } = command;
  return observed(context, name, async () => {
    if (name === 'invite') await context.limits.takeInvite(actor.userId);
    const event = eventOf(actor, command, context);
    const hash = await bodyHash(body);
    const run = await runCommand(
      context,
      actor,
      { userId: actor.userId, key, command: name, bodyHash: hash },
      callId,
      event,
      { others: command.name === 'accept' ? command.body.others : undefined },
    );
    if (typeof run.end === 'object') throw refusal(run.end.refused);
    return { outcome: run.end, result: { status: 200, view: run.view } };
  });
}

function eventOf(actor: Actor, command: CallCommand, context: CallContext): CallEvent {
  const { settings } = context;
  const actorId = actor.userId;
  const deviceId = () => deviceOf(actor);
  switch (command.name) {
    case 'accept':
      return {
        type: 'accepted',
        actorId,
        seat: { deviceId: deviceId(), instanceId: actor.instanceId ?? deviceId() },
        data: {
          via: 'accept',
          audioOnly: command.body.audioOnly ?? false,
          connectTimeoutMs: settings.connectTimeoutMs,
          mediaServer: hasMediaServer(context),
        },
      };
    case 'decline':
      return { type: 'declined', actorId };
    case 'cancel':
      return { type: 'cancelled', actorId };
    case 'leave':
      return { type: 'left', actorId, data: { reason: command.body.reason ?? 'hangup' } };
    case 'end':
      return { type: 'ended', actorId };
    case 'media-connected':
      return { type: 'media_connected', actorId, deviceId: deviceId(), data: command.body };
    case 'media-state':
      return { type: 'media_state', actorId, deviceId: deviceId(), data: command.body };
    case 'media-plan':
      return { type: 'media_plan', actorId, deviceId: deviceId(), data: command.body };
    case 'invite':
      return {
        type: 'invited',
        actorId,
        data: { userIds: command.body.userIds, ringTimeoutMs: settings.ringTimeoutMs },
      };
    case 'remove':
      return { type: 'removed', actorId, data: command.body };
    case 'mute':
      return { type: 'muted', actorId, data: command.body };
    case 'lock':
      return { type: 'locked', actorId, data: command.body };
    case 'host':
      return { type: 'host', actorId, data: command.body };
    case 'hand':
      return { type: 'hand', actorId, data: command.body };
    case 'move':
      return {
        type: 'moved',
        actorId,
        seat: { deviceId: deviceId(), instanceId: actor.instanceId ?? deviceId() },
        data: { connectTimeoutMs: settings.connectTimeoutMs },
      };
    case 'hold':
      return {
        type: 'hold',
        actorId,
        data: command.body.onHold ? { onHold: true } : { onHold: false, connectTimeoutMs: settings.connectTimeoutMs },
      };
  }
}

function deviceOf(actor: Actor): string {
  if (actor.deviceId === null) throw new EdgeError('device_required');
  return actor.deviceId;
}
