import { View } from 'react-native';
import { space } from '../../theme/tokens';
import { Button } from '../../ui/Button';
import { CardList } from '../../ui/Card';
import { Text } from '../../ui/Text';
import { TextField } from '../../ui/TextField';
import { dayAndTime } from '../../words/format';
import { useWords } from '../../words/words';
import type { ErrorCode } from '../snapshots';
import { Matter, Section } from './Section';

export interface InvitationItem {
  readonly id: string;
  readonly by: string | null;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
  readonly uses: number;
  readonly maxUses: number | null;
}

export interface InvitationsSectionProps {
  readonly teamName: string;
  /** The link, once it has been made. */
  readonly made: { readonly url: string; readonly copied: boolean } | null;
  /** Those that can be revoked; null while they are being read. */
  readonly links: readonly InvitationItem[] | null;
  readonly now: number;
  readonly busy: boolean;
  readonly error: ErrorCode | null;
  readonly onInvite?: () => void;
  readonly onCopy?: () => void;
  readonly onRevoke?: (id: string) => void;
}

export function InvitationsSection(props: InvitationsSectionProps) {
  const { teamName, made, links, now, busy, error, onInvite, onCopy, onRevoke } = props;
  const t = useWords();
  const expiry = (link: InvitationItem) => t('settings.links.expires', { time: dayAndTime(link.expiresAt, now) });
  return (
    <Section title={t('settings.invite')} error={error}>
      <Text tone="quiet">{t('settings.inviteText', { team: teamName })}</Text>
      {made === null ? (
        <Button kind="outline" icon="link" label={t('settings.makeLink')} disabled={busy} onPress={onInvite} />
      ) : (
        <>
          <TextField label={t('settings.link')} value={made.url} readOnly />
          <Button
            kind="outline"
            icon={made.copied ? 'check' : 'copy'}
            label={made.copied ? t('settings.copied') : t('settings.copy')}
            onPress={onCopy}
          />
        </>
      )}
      {links === null || links.length === 0 ? null : (
        <Matter title={t('settings.links.title')}>
          <CardList>
            {links.map((link) => (
              <View
                key={link.id}
                style={{ flexDirection: 'row', alignItems: 'center', gap: space(3), padding: space(3), minHeight: 64 }}
              >
                <View style={{ flex: 1 }}>
                  <Text weight="medium">
                    {link.by === null ? t('settings.links.link') : t('settings.links.by', { name: link.by })}
                  </Text>
                  <Text variant="small" tone="quiet">
                    {link.maxUses === null
                      ? t('settings.links.used', { count: link.uses })
                      : t('settings.links.usedOf', { uses: link.uses, most: link.maxUses })}
                    {' · '}
                    {expiry(link)}
                  </Text>
                </View>
                <Button
                  compact
                  kind="outline"
                  label={t('settings.links.revoke')}
                  name={t('settings.links.revokeNamed', { what: expiry(link) })}
                  disabled={busy}
                  onPress={onRevoke && (() => onRevoke(link.id))}
                />
              </View>
            ))}
          </CardList>
        </Matter>
      )}
    </Section>
  );
}
