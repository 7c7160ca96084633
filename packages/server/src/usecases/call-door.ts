import type { CallLink, CallLinkPreview, CallMessage, CreateCallLink, Knock, KnockAnswer } from '@parley/protocol';
import type { GuestTokens } from '../ports/guests.ts';
import { listCallMessages, sendCallMessage } from './call-chat.ts';
import { admitGuest, lapse, listKnocks, type Take, withdrawKnock } from './call-knocks.ts';
import { createLink, endLink, previewLink } from './call-links.ts';
import { knock } from './enter-by-link.ts';
import type { Actor, CallDeps, CallUseCases, Page } from './types.ts';

/** Links into calls, who waits before them, and what is written inside. */
export interface CallDoor {
  createLink(actor: Actor, teamId: string, body: CreateCallLink): Promise<CallLink>;
  previewLink(visitor: Actor | null, token: string): Promise<CallLinkPreview>;
  endLink(actor: Actor, idOrToken: string): Promise<void>;
  /** `take` counts a knock that those inside will hear. */
  knock(visitor: Actor | null, token: string, displayName: string | undefined, take: Take): Promise<KnockAnswer>;
  withdraw(actor: Actor, token: string): Promise<void>;
  /** Knocks of which nothing was heard any more are over. */
  lapse(): Promise<void>;
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
    knock: (visitor, token, displayName, take) => knock(deps, calls, guests, visitor, token, displayName, take),
    withdraw: (actor, token) => withdrawKnock(deps, actor, token),
    lapse: () => lapse(deps),
    admit: (actor, idOrToken, body) => admitGuest(deps, actor, idOrToken, body),
    knocks: (actor, callId) => listKnocks(deps, actor, callId),
    messages: (actor, callId, cursor) => listCallMessages(deps, actor, callId, cursor),
    send: (actor, callId, content, key) => sendCallMessage(deps, actor, callId, content, key),
  };
}
