import type { CallLink, CallLinkPreview, CreateCallLink, KnockAnswer, ServerMessage } from '@parley/protocol';
import type { ParleyApi } from '../api/parley-api.ts';
import type { SignallingTransport } from '../ports/signalling-transport.ts';
import type { AuthSession } from '../session/auth-session.ts';

type KnockNews = Pick<Extract<ServerMessage, { t: 'knock' }>, 'status' | 'callId'>;

/** Links that lead into calls. Every method throws `ApiError`. */
export interface CallLinks {
  create(teamId: string, into: CreateCallLink): Promise<CallLink>;
  /** @param linkId or the token */
  revoke(linkId: string): Promise<void>;
  preview(token: string): Promise<CallLinkPreview>;
  /**
   * Asks to be let in. A guest, who gives a name, is somebody from then on: for this call and this tab's browser alone. Asked again
   * it is the same question, and says that somebody still waits: a server that hears nothing of them for 90 s takes them to be gone.
   */
  knock(token: string, displayName?: string): Promise<KnockAnswer>;
  /** Waits no longer; whoever did not wait may say so too. */
  withdraw(token: string): Promise<void>;
  /** What has become of a knock. @returns how to stop listening */
  onKnock(knockId: string, listener: (news: KnockNews) => void): () => void;
}

interface LinksDeps {
  readonly api: ParleyApi;
  readonly session: AuthSession;
  readonly transport: SignallingTransport;
}

export function createCallLinks({ api, session, transport }: LinksDeps): CallLinks {
  return {
    create: (teamId, into) => api.createCallLink(teamId, into),
    revoke: (linkId) => api.revokeCallLink(linkId),
    preview: (token) => api.callLink(token),
    async knock(token, displayName) {
      const answer = await api.knock(token, displayName);
      if (answer.session !== null) await session.enterAsGuest(answer.session);
      return answer;
    },
    withdraw: (token) => api.withdrawKnock(token),
    onKnock: (knockId, listener) =>
      transport.onMessage((message) => {
        if (message.t === 'knock' && message.knockId === knockId) listener(message);
      }),
  };
}
