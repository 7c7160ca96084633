import type { SettingsProps } from '../screens/Settings';
import type { AccountSectionProps } from '../screens/settings/AccountSection';
import type { QuietChoice } from '../screens/settings/CallsSection';
import { NOW } from './chat';
import { devicesPanel } from './devices';
import { ada } from './people';

const nothing = () => undefined;
const HOUR = 3_600_000;

interface Change {
  readonly loading?: boolean;
  readonly devices?: SettingsProps['devices'];
  readonly quiet?: QuietChoice;
  readonly relayAvailable?: boolean;
  readonly made?: boolean;
  readonly error?: string;
  readonly accountError?: string;
  readonly done?: 'password';
  /** The account is kept elsewhere. */
  readonly foreign?: boolean;
  readonly opensWith?: NonNullable<AccountSectionProps['opensWith']>;
}

const sessions = [
  { id: 's1', browser: 'Chrome', system: 'macOS', phone: false, lastUsedAt: NOW, isCurrent: true },
  { id: 's2', browser: 'Safari', system: 'iPhone', phone: true, lastUsedAt: NOW - 2 * HOUR, isCurrent: false },
  { id: 's3', browser: null, system: null, phone: false, lastUsedAt: NOW - 80 * HOUR, isCurrent: false },
];
const links = [
  { id: 'l1', by: 'Ada Lovelace', expiresAt: NOW + 100 * HOUR, uses: 3, maxUses: null },
  { id: 'l2', by: 'Grace Hopper', expiresAt: NOW + 30 * HOUR, uses: 1, maxUses: 2 },
];

export function settingsProps(change: Change): SettingsProps {
  const { loading = false, quiet = 'off', error = null } = change;
  return {
    profile: {
      me: { ...ada, quiet: quiet !== 'off' },
      email: 'ada@acme.test',
      hasPicture: !loading && quiet === 'off',
      busy: false,
      error,
      onRename: nothing,
      onPickPicture: nothing,
      onRemovePicture: nothing,
    },
    theme: 'system',
    calls: {
      quiet: loading ? null : { choice: quiet, until: quiet === 'off' || quiet === 'always' ? null : NOW + 7 * HOUR },
      ringsHere: 'on',
      ringTone: 'ring',
      address: loading ? null : { hide: 'always', relayAvailable: change.relayAvailable ?? false },
      now: NOW,
      error,
      onQuiet: nothing,
      onRingsHere: nothing,
      onRingTone: nothing,
      onPreview: nothing,
      onHideAddress: nothing,
    },
    devices: change.devices ?? devicesPanel(),
    invitations: {
      teamName: 'Acme',
      made: change.made === true ? { url: 'https://parley.example/invite/7hQ2kVt0', copied: true } : null,
      links: loading ? null : links,
      now: NOW,
      busy: false,
      error,
      onInvite: nothing,
      onCopy: nothing,
      onRevoke: nothing,
    },
    sessions:
      change.foreign === true
        ? null
        : { sessions: loading ? null : sessions, now: NOW, busy: false, error, onEnd: nothing, onEndAll: nothing },
    account: {
      teamName: 'Acme',
      ownAccount: change.foreign !== true,
      busy: false,
      error: change.accountError ?? null,
      done: change.done ?? null,
      onChangePassword: async () => false,
      onLeaveTeam: nothing,
      onDelete: nothing,
      onSignOut: nothing,
      ...(change.opensWith === undefined ? {} : { opensWith: change.opensWith }),
    },
    onTheme: nothing,
    onBack: nothing,
  };
}
