import type { Channel, User } from '@parley/protocol';
import { paths } from '../paths';
import { t } from '../words/words';

/** What is known of those that have a page. */
export interface Known {
  readonly channels: readonly Pick<Channel, 'id' | 'name' | 'kind' | 'memberIds'>[];
  /** Everybody but oneself. */
  readonly people: readonly Pick<User, 'id' | 'displayName'>[];
}

/** The page at a path by its name, for the title of the document (WCAG 2.4.2); null for the start, and while it is not known. */
export function placeName(path: string, { channels, people }: Known): string | null {
  switch (path) {
    case paths.signIn:
      return t('signIn.title');
    case paths.signUp:
      return t('signUp.title');
    case paths.calls:
      return t('calls.title');
    case paths.settings:
      return t('settings.title');
  }
  const [, kind, id] = path.split('/');
  switch (kind) {
    case 'channel': {
      const channel = channels.find((one) => one.id === id);
      if (channel === undefined) return null;
      if (channel.kind === 'channel') return `# ${channel.name}`;
      return people.find((person) => channel.memberIds.includes(person.id))?.displayName ?? null;
    }
    case 'people':
      return people.find((person) => person.id === id)?.displayName ?? null;
    case 'call':
      return t('call.region');
    case 'lobby':
    case 'join':
      return t('lobby.join');
    case 'invite':
      return t('invitation.title');
    default:
      return null;
  }
}
