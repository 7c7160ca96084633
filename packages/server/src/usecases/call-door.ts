import type { CallLink, CallLinkPreview, CallMessage, CreateCallLink, Knock, KnockAnswer } from '@parley/protocol';
import type { GuestTokens } from '../ports/guests.ts';
import { listCallMessages, sendCallMessage } from './call-chat.ts';
import { admitGuest, createLink, endLink, knock, listKnocks, previewLink } from './call-links.ts';
import type { Actor, CallDeps, CallUseCases, Page } from './types.ts';

/** Links into calls, who waits before them, and what is written inside. */
export interface CallDoor {
  createLink(actor: Actor, teamId: string, body: CreateCallLink): Promise<CallLink>;
  previewLink(visitor: Actor | null, token: string): Promise<CallLinkPreview>;
  endLink(actor: Actor, idOrToken: string): Promise<void>;
  knock(visitor: Actor | null, token: string, displayName: string | undefined): Promise<KnockAnswer>;
  admit(
    actor: Actor,
    idOrToken: string,
    body: { readonly knockId: string; readonly admit: boolean },
  ): Promise<{ readonly items: readonly Knock[] }>;
  knocks(actor: Actor, callId: string): Promise<{ readonly items: readonly Knock[] }>;
  messages(actor: Actor, callId: string, cursor: string | null): Promise<Page<CallMessage>>;
  send(
    actor: Actor,
    callId: string,
    content: string,
    key: string,
  ): Promise<{ readonly message: CallMessage; readonly made: boolean }>;
}

/** `guests`: null where no tokens of guests can be signed. */
export function createCallDoor(
  deps: CallDeps,
  calls: Pick<CallUseCases, 'create'>,
  guests: GuestTokens | null,
): CallDoor {
  return {
    createLink: (actor, teamId, body) => createLink(deps, actor, teamId, body),
    previewLink: (visitor, token) => previewLink(deps, visitor, token),
    endLink: (actor, idOrToken) => endLink(deps, actor, idOrToken),
    knock: (visitor, token, displayName) => knock(deps, calls, guests, visitor, token, displayName),
    admit: (actor, idOrToken, body) => admitGuest(deps, actor, idOrToken, body),
    knocks: (actor, callId) => listKnocks(deps, actor, callId),
    messages: (actor, callId, cursor) => listCallMessages(deps, actor, callId, cursor),
    send: (actor, callId, content, key) => sendCallMessage(deps, actor, callId, content, key),
  };
}
