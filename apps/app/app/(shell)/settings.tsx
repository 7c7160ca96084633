import { useChat } from '@parley/react';
import { useState } from 'react';
import { Platform, Share } from 'react-native';
import { pictureChooser } from '../../src/platform/pictureChooser';
import { Settings } from '../../src/screens/Settings';
import { useGo } from '../../src/wiring/navigation';
import { useTeam } from '../../src/wiring/people';
import { useRingsHereChoice, useRingToneChoice, useThemeChoice } from '../../src/wiring/preferences';
import { useAttempt, useMe, useSignOut } from '../../src/wiring/session';
import { useInvitations, usePersonSettings, useSessions } from '../../src/wiring/settings';
import { useDevicesPanel } from '../../src/wiring/useDevicesPanel';
import { useNow } from '../../src/wiring/useNow';
import { usePreview } from '../../src/wiring/usePreview';

export default function SettingsRoute() {
  const chat = useChat();
  const go = useGo();
  const me = useMe();
  const team = useTeam();
  const theme = useThemeChoice();
  const ringsHere = useRingsHereChoice();
  const ringTone = useRingToneChoice();
  const preview = usePreview();
  const signOut = useSignOut();
  const now = useNow();
  const person = usePersonSettings();
  const sessions = useSessions();
  const devices = useDevicesPanel();
  const links = useInvitations(team?.id ?? null);
  const inviting = useAttempt();
  const chooser = pictureChooser;
  const [made, setMade] = useState<{ url: string; copied: boolean } | null>(null);
  if (me === null || team === null) return null;

  const invite = () =>
    inviting.attempt(async () => {
      setMade({ url: (await chat.invite(team.id)).url, copied: false });
      await links.reload();
    });
  const copy = async (url: string) => {
    if (Platform.OS === 'web') await navigator.clipboard.writeText(url);
    else await Share.share({ message: url });
    setMade({ url, copied: true });
  };
  const revoke = async (id: string) => {
    // The one that was made a moment ago may be it: what leads nowhere is not shown any more.
    if (await links.revoke(id)) setMade(null);
  };
  return (
    <Settings
      profile={{
        me,
        email: person.email,
        hasPicture: person.hasPicture,
        busy: person.profile.busy,
        error: person.profile.error,
        onRename: person.rename,
        ...(chooser === null
          ? {}
          : { onPickPicture: () => void person.choosePicture(chooser), onRemovePicture: person.removePicture }),
      }}
      theme={theme.preference}
      onTheme={theme.choose}
      calls={{
        quiet: person.quiet(),
        ringsHere: Platform.OS === 'web' ? ringsHere.preference : null,
        ringTone: ringTone.preference,
        address: person.address,
        now,
        error: person.calls.error,
        onQuiet: person.setQuiet,
        onRingsHere: ringsHere.choose,
        onRingTone: (tone) => {
          ringTone.choose(tone);
          preview(tone);
        },
        onPreview: () => preview(ringTone.preference),
        onHideAddress: person.hideAddress,
      }}
      devices={devices}
      invitations={{
        teamName: team.name,
        made,
        links: links.items,
        now,
        busy: inviting.busy || links.busy,
        error: inviting.error ?? links.error,
        onInvite: () => void invite(),
        ...(made === null ? {} : { onCopy: () => void inviting.attempt(() => copy(made.url)) }),
        onRevoke: (id) => void revoke(id),
      }}
      sessions={
        sessions.elsewhere
          ? null
          : {
              sessions: sessions.items,
              now,
              busy: sessions.busy,
              error: sessions.error,
              onEnd: sessions.end,
              onEndAll: sessions.endAll,
            }
      }
      account={{
        teamName: team.name,
        ownAccount: !sessions.elsewhere,
        busy: person.account.busy,
        error: person.account.error,
        done: person.passwordChanged ? 'password' : null,
        onChangePassword: async (current, next) => {
          const changed = await person.changePassword(current, next);
          if (changed) await sessions.reload();
          return changed;
        },
        onLeaveTeam: () => person.leaveTeam(team.id),
        onDelete: person.deleteAccount,
        onSignOut: signOut,
        onForget: person.forget,
      }}
      onBack={go.back}
    />
  );
}
