import { useState } from 'react';
import { ScrollView, View } from 'react-native';
import { useSafeAreaInsets } from 'react-native-safe-area-context';
import { space } from '../../theme/tokens';
import { Avatar } from '../../ui/Avatar';
import { Button } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import { IconButton } from '../../ui/IconButton';
import { Text } from '../../ui/Text';
import { useWords } from '../../words/words';
import type { Person } from '../snapshots';
import { Knocks } from './Knocks';
import { LinkActions, type LinkActionsProps } from './LinkActions';
import { SidePanel } from './SidePanel';
import type { GroupCallSnapshot, PersonInGroup, SelfInGroup } from './snapshots';

export interface PeoplePanelProps {
  readonly snapshot: GroupCallSnapshot;
  readonly onOptions: (personId: string) => void;
  readonly onAdmit: ((knockId: string, admitted: boolean) => void) | undefined;
  readonly onLock: ((locked: boolean) => void) | undefined;
  readonly link: LinkActionsProps | undefined;
  readonly onClose: () => void;
}

type Row =
  | { readonly kind: 'in'; readonly person: PersonInGroup | SelfInGroup; readonly isSelf: boolean }
  | { readonly kind: 'ringing'; readonly person: Person };

/** So many rows at once; a thousand would be drawn for nobody. */
const STEP = 100;

/** Who is in the call; a long list is drawn as far as it was asked for. */
export function PeoplePanel({ snapshot, onOptions, onAdmit, onLock, link, onClose }: PeoplePanelProps) {
  const t = useWords();
  const insets = useSafeAreaInsets();
  const [most, setMost] = useState(STEP);
  const { others, self, ringing, knocks, locked } = snapshot;
  const raised = others.filter(({ hand }) => hand !== null).sort((a, b) => (a.hand ?? 0) - (b.hand ?? 0));
  const rows: readonly Row[] = [
    { kind: 'in', person: self, isSelf: true },
    ...[...raised, ...others.filter(({ hand }) => hand === null)].map(
      (person): Row => ({ kind: 'in', person, isSelf: false }),
    ),
    ...ringing.map((person): Row => ({ kind: 'ringing', person })),
  ];
  return (
    <SidePanel title={t('group.peopleCount', { count: others.length + 1 })} onClose={onClose}>
      {onAdmit === undefined || knocks.length === 0 ? null : (
        <View style={{ paddingHorizontal: space(4), paddingBottom: space(3) }}>
          <Knocks knocks={knocks} onAdmit={onAdmit} />
        </View>
      )}
      <ScrollView style={{ flex: 1 }} contentContainerStyle={{ paddingHorizontal: space(4) }}>
        {rows.slice(0, most).map((row) => (
          <PersonRow key={`${row.kind}:${row.person.id}`} row={row} onOptions={onOptions} />
        ))}
        {rows.length > most ? (
          <Button kind="quiet" compact label={t('calls.more')} onPress={() => setMost(most + STEP)} />
        ) : null}
      </ScrollView>
      {onLock === undefined && link?.onCopyLink === undefined ? null : (
        <View style={{ padding: space(4), paddingBottom: space(4) + insets.bottom, gap: space(2) }}>
          {link === undefined ? null : <LinkActions {...link} />}
          {onLock === undefined ? null : (
            <Button
              kind="outline"
              compact
              icon={locked ? 'unlock' : 'lock'}
              label={locked ? t('group.unlock') : t('group.lock')}
              onPress={() => onLock(!locked)}
            />
          )}
        </View>
      )}
    </SidePanel>
  );
}

function PersonRow({ row, onOptions }: { readonly row: Row; readonly onOptions: (personId: string) => void }) {
  const t = useWords();
  const { person } = row;
  const inCall = row.kind === 'in' ? row.person : null;
  const isSelf = row.kind === 'in' && row.isSelf;
  const name = isSelf ? t('call.you', { name: person.displayName }) : person.displayName;
  const guest = inCall !== null && 'isGuest' in inCall && inCall.isGuest;
  const hint =
    row.kind === 'ringing'
      ? t('call.ringing')
      : inCall?.isHost === true
        ? t('group.host')
        : guest
          ? t('group.guest')
          : null;
  return (
    <View style={{ flexDirection: 'row', alignItems: 'center', gap: space(3), minHeight: 56 }}>
      <Avatar id={person.id} displayName={person.displayName} size={36} />
      <View style={{ flex: 1 }}>
        <Text numberOfLines={1}>{name}</Text>
        {hint === null ? null : (
          <Text variant="small" tone="quiet">
            {hint}
          </Text>
        )}
      </View>
      {inCall?.hand == null ? null : <Icon name="hand" size={18} tone="hand" />}
      {inCall?.isMuted === true ? <Icon name="micOff" size={18} tone="quiet" /> : null}
      {inCall === null || isSelf ? null : (
        <IconButton
          round
          icon="more"
          tone="quiet"
          label={t('group.optionsFor', { name: person.displayName })}
          onPress={() => onOptions(person.id)}
        />
      )}
    </View>
  );
}
