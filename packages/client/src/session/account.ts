import type { ChangeSettings, InvitationInfo, InvitationPreview, PersonSettings, SessionInfo } from '@parley/protocol';
import type { HttpBytes } from '../api/http.ts';
import type { ParleyApi } from '../api/parley-api.ts';
import type { AuthSession } from './auth-session.ts';
import type { QuietTime } from './quiet-time.ts';

/** What people settle about themselves. Every method throws `ApiError`. */
export interface Account {
  settings(): Promise<PersonSettings>;
  changeSettings(change: ChangeSettings): Promise<PersonSettings>;
  /** `image/jpeg` or `image/webp`, within the server's bounds. */
  putPicture(picture: HttpBytes): Promise<void>;
  removePicture(): Promise<void>;
  picture(userId: string, hash: string): Promise<HttpBytes>;
  sessions(): Promise<readonly SessionInfo[]>;
  endSession(sessionId: string): Promise<void>;
  /** This one too. */
  signOutEverywhere(): Promise<void>;
  /** All other sessions end. `credentials_invalid` for a wrong password. */
  changePassword(currentPassword: string, newPassword: string): Promise<void>;
  /** For good; this session ends with it. */
  deleteAccount(password: string): Promise<void>;
  leaveTeam(teamId: string): Promise<void>;
  /** Links of the team that one may revoke. */
  invitations(teamId: string): Promise<readonly InvitationInfo[]>;
  revokeInvitation(id: string): Promise<void>;
  /** Where a link leads; nobody needs to be signed in. */
  invitation(token: string): Promise<InvitationPreview>;
}

interface AccountDeps {
  readonly api: ParleyApi;
  readonly session: AuthSession;
  readonly quiet: QuietTime;
  /** The teams are no longer what they were. */
  reload(): Promise<void>;
  /** Whether one's address is hidden may be another choice now. */
  addressHidden(): void;
}

export function createAccount({ api, session, quiet, reload, addressHidden }: AccountDeps): Account {
  return {
    settings: () => api.settings(),
    async changeSettings(change) {
      const settings = await api.changeSettings(change);
      if (change.hideAddress !== undefined) addressHidden();
      quiet.set(settings.doNotDisturbUntil);
      await session.rename(settings);
      return settings;
    },
    putPicture: (picture) => api.putPicture(picture),
    removePicture: () => api.removePicture(),
    picture: (userId, hash) => api.picture(userId, hash),
    sessions: async () => (await api.sessions()).items,
    endSession: (sessionId) => api.endSession(sessionId),
    async signOutEverywhere() {
      await api.signOutEverywhere();
      await session.end();
    },
    changePassword: (currentPassword, newPassword) => api.changePassword(currentPassword, newPassword),
    async deleteAccount(password) {
      await api.deleteAccount(password);
      await session.end();
    },
    async leaveTeam(teamId) {
      if (!session.user) return;
      await api.leaveTeam(teamId, session.user.id);
      await reload();
    },
    invitations: async (teamId) => (await api.invitations(teamId)).items,
    revokeInvitation: (id) => api.revokeInvitation(id),
    invitation: (token) => api.invitation(token),
  };
}
