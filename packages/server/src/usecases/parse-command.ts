import { CALL_COMMANDS, type CallCommandBody, type CallCommandName } from '@parley/protocol';
import type { z } from 'zod';
import { inputErrors } from '../input-errors.ts';
import { EdgeError } from '../ports/edge-error.ts';

/** A command with a body that fits its schema. */
export type CallCommand = {
  [N in CallCommandName]: { readonly name: N; readonly body: CallCommandBody<N> };
}[CallCommandName];

/** @throws EdgeError `bad_request` that says where, never what was sent */
export function parseCallCommand(name: CallCommandName, input: unknown): CallCommand {
  switch (name) {
    case 'accept':
      return { name, body: checked(CALL_COMMANDS.accept, input) };
    case 'leave':
      return { name, body: checked(CALL_COMMANDS.leave, input) };
    case 'media-state':
      return { name, body: checked(CALL_COMMANDS['media-state'], input) };
    case 'media-connected':
      return { name, body: checked(CALL_COMMANDS['media-connected'], input) };
    case 'media-plan':
      return { name, body: checked(CALL_COMMANDS['media-plan'], input) };
    case 'invite':
      return { name, body: checked(CALL_COMMANDS.invite, input) };
    case 'remove':
    case 'mute':
    case 'host':
      return { name, body: checked(CALL_COMMANDS[name], input) };
    case 'lock':
      return { name, body: checked(CALL_COMMANDS.lock, input) };
    case 'hand':
      return { name, body: checked(CALL_COMMANDS.hand, input) };
    case 'hold':
      return { name, body: checked(CALL_COMMANDS.hold, input) };
    case 'decline':
    case 'cancel':
    case 'end':
    case 'move':
      return { name, body: checked(CALL_COMMANDS[name], input) };
  }
}

/** @throws EdgeError `bad_request` that says where, never what was sent */
export function checked<S extends z.ZodType>(schema: S, input: unknown): z.infer<S> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  throw new EdgeError('bad_request', { errors: inputErrors(result.error) });
}
