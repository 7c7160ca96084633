import { useEffect, useRef } from 'react';
import { useWindowDimensions, View } from 'react-native';
import { useSafeAreaInsets } from 'react-native-safe-area-context';
import { space } from '../../theme/tokens';
import { Avatar } from '../../ui/Avatar';
import { Button } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import { IconButton } from '../../ui/IconButton';
import { LongList } from '../../ui/LongList';
import { Notice } from '../../ui/Notice';
import { ConnectionNotice, ErrorState, LoadingState } from '../../ui/States';
import { Text } from '../../ui/Text';
import { TextField } from '../../ui/TextField';
import { errorText } from '../../words/errors';
import { byName } from '../../words/format';
import { useWords } from '../../words/words';
import { Knocks } from './Knocks';
import { LinkActions, type LinkActionsProps } from './LinkActions';
import { SidePanel } from './SidePanel';
import type { GroupCallSnapshot, ListedPerson, Roster } from './snapshots';

export interface PeoplePanelProps {
  readonly snapshot: GroupCallSnapshot;
  /** Of a call of many: everybody, where the snapshot has some. */
  readonly roster: Roster | undefined;
  readonly onOptions: (person: ListedPerson) => void;
  readonly onAdmit: ((knockId: string, admitted: boolean) => void) | undefined;
  readonly onLock: ((locked: boolean) => void) | undefined;
  readonly link: LinkActionsProps | undefined;
  readonly onClose: () => void;
}

const ROW = 56;
const NAME_LENGTH = 80;
/** Below this height of the window what can be done for the call scrolls with the list, which had no room left. Points. */
const ROOM_FOR_ACTIONS = 480;

/** Who is in the call. Of a thousand only the rows in sight are drawn, and the pages read that somebody looks at. */
export function PeoplePanel({ snapshot, roster, onOptions, onAdmit, onLock, link, onClose }: PeoplePanelProps) {
  const t = useWords();
  const insets = useSafeAreaInsets();
  const { self, knocks, locked, count } = snapshot;
  const rows = rowsOf(snapshot, roster);
  useLooking(roster?.onLook);
  const low = useWindowDimensions().height < ROOM_FOR_ACTIONS;
  const waits = roster !== undefined && roster.people === null;
  const actions =
    onLock === undefined && link?.onCopyLink === undefined ? null : (
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
    );
  return (
    <SidePanel title={t('group.peopleCount', { count })} onClose={onClose}>
      {onAdmit === undefined || knocks.length === 0 ? null : (
        <View style={{ paddingHorizontal: space(4), paddingBottom: space(3) }}>
          <Knocks knocks={knocks} onAdmit={onAdmit} />
        </View>
      )}
      {roster === undefined ? null : (
        <>
          <View style={{ paddingHorizontal: space(4), paddingBottom: space(2) }}>
            <TextField
              label={t('group.findPerson')}
              value={roster.search}
              onChangeText={roster.onSearch}
              maxLength={NAME_LENGTH}
            />
          </View>
          <ConnectionNotice connection={roster.connection} />
        </>
      )}
      {waits && roster.error !== null ? <ErrorState text={errorText(roster.error)} onRetry={roster.onRetry} /> : null}
      {waits && roster.error === null && roster.connection === 'online' ? <LoadingState /> : null}
      {waits ? null : rows.length === 0 ? (
        <View role="status" style={{ flex: 1, padding: space(4) }}>
          <Text tone="quiet">{t('group.nobodyFound')}</Text>
        </View>
      ) : (
        <View style={{ flex: 1, paddingHorizontal: space(4) }}>
          <LongList
            label={t('group.peopleCount', { count })}
            count={rows.length}
            rowHeight={ROW}
            keyOf={(index) => rows[index]?.id ?? ''}
            render={(index) => {
              const person = rows[index];
              return person === undefined ? null : (
                <PersonRow person={person} isSelf={person.id === self.id} onOptions={onOptions} />
              );
            }}
            onEnd={roster?.onMore}
            foot={
              <>
                {roster === undefined ? null : <Foot roster={roster} />}
                {low ? actions : null}
              </>
            }
          />
        </View>
      )}
      {low && !waits && rows.length > 0 ? null : actions}
    </SidePanel>
  );
}

/** What comes after the rows that were read. */
function Foot({ roster }: { readonly roster: Roster }) {
  const t = useWords();
  if (roster.error !== null) {
    return (
      <Notice
        tone="stop"
        icon="alert"
        text={errorText(roster.error)}
        action={<Button kind="quiet" compact label={t('states.tryAgain')} onPress={roster.onRetry} />}
      />
    );
  }
  if (!roster.hasMore) return null;
  return roster.loading ? (
    <Text role="status" variant="small" tone="quiet" align="center">
      {t('states.loading')}
    </Text>
  ) : (
    <Button kind="quiet" compact label={t('calls.more')} onPress={roster.onMore} />
  );
}

function useLooking(onLook: Roster['onLook'] | undefined): void {
  const latest = useRef(onLook);
  latest.current = onLook;
  const isLarge = onLook !== undefined;
  useEffect(() => {
    if (!isLarge) return;
    latest.current?.(true);
    return () => latest.current?.(false);
  }, [isLarge]);
}

/** Oneself, raised hands by their turn, everybody else by name, and who is rung; whom one looks for alone. */
function rowsOf({ others, self, ringing }: GroupCallSnapshot, roster: Roster | undefined): readonly ListedPerson[] {
  const own: ListedPerson = { ...self, isGuest: false, isRung: false };
  const here = others.map((person): ListedPerson => ({ ...person, isRung: false }));
  const raised = here.filter(({ hand }) => hand !== null).sort((a, b) => (a.hand ?? 0) - (b.hand ?? 0));
  const rung = ringing.map(
    (person): ListedPerson => ({
      ...person,
      isMuted: false,
      hand: null,
      isHost: false,
      isGuest: false,
      isRung: true,
    }),
  );
  if (roster === undefined) {
    const unraised = here.filter(({ hand }) => hand === null);
    return [own, ...raised, ...unraised.sort((a, b) => byName(a.displayName, b.displayName)), ...rung];
  }
  // What the call's view says of somebody is newer than what was read.
  const known = new Map([own, ...here].map((person) => [person.id, person]));
  const read = (roster.people ?? []).map((person) => known.get(person.id) ?? person);
  if (roster.search.trim() !== '') return read;
  const first = new Set([own, ...raised].map(({ id }) => id));
  return [own, ...raised, ...read.filter(({ id }) => !first.has(id))];
}

interface PersonRowProps {
  readonly person: ListedPerson;
  readonly isSelf: boolean;
  readonly onOptions: (person: ListedPerson) => void;
}

function PersonRow({ person, isSelf, onOptions }: PersonRowProps) {
  const t = useWords();
  const { displayName, hand, isGuest, isHost, isMuted, isRung } = person;
  const hint = isRung ? t('call.ringing') : isHost ? t('group.host') : isGuest ? t('group.guest') : null;
  return (
    <View style={{ flexDirection: 'row', alignItems: 'center', gap: space(3) }}>
      <Avatar id={person.id} displayName={displayName} size={36} />
      <View style={{ flex: 1 }}>
        <Text numberOfLines={1}>{isSelf ? t('call.you', { name: displayName }) : displayName}</Text>
        {hint === null ? null : (
          <Text variant="small" tone="quiet">
            {hint}
          </Text>
        )}
      </View>
      {hand === null ? null : <Icon name="hand" size={18} tone="hand" />}
      {isMuted ? <Icon name="micOff" size={18} tone="quiet" /> : null}
      {isRung || isSelf ? null : (
        <IconButton
          round
          icon="more"
          tone="quiet"
          label={t('group.optionsFor', { name: displayName })}
          onPress={() => onOptions(person)}
        />
      )}
    </View>
  );
}
