import { useState } from 'react';
import { ScrollView } from 'react-native';
import { Avatar } from '../../ui/Avatar';
import { Button } from '../../ui/Button';
import { CheckRow } from '../../ui/CheckRow';
import { Dialog } from '../../ui/Dialog';
import { Text } from '../../ui/Text';
import { useWords } from '../../words/words';
import type { Person } from '../snapshots';

export interface AddPeopleProps {
  /** Members of the team who are not in the call; null while they are on their way. */
  readonly people: readonly Person[] | null;
  readonly onAdd: (ids: readonly string[]) => void;
  /** The call's link goes to the clipboard; absent where there is none. */
  readonly onCopyLink?: (() => void) | undefined;
  readonly onClose: () => void;
}

export function AddPeople({ people, onAdd, onCopyLink, onClose }: AddPeopleProps) {
  const t = useWords();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const toggle = (id: string, on: boolean) => {
    const next = new Set(chosen);
    if (on) next.add(id);
    else next.delete(id);
    setChosen(next);
  };
  return (
    <Dialog title={t('group.addPeople')} onClose={onClose} width={400}>
      {people !== null && people.length === 0 ? <Text tone="quiet">{t('group.everybodyIsHere')}</Text> : null}
      <ScrollView style={{ maxHeight: 320 }}>
        {(people ?? []).map((person) => (
          <CheckRow
            key={person.id}
            label={person.displayName}
            {...(person.presence === 'in_call' ? { hint: t('presence.in_call') } : {})}
            checked={chosen.has(person.id)}
            onChange={(on) => toggle(person.id, on)}
          >
            <Avatar
              id={person.id}
              displayName={person.displayName}
              size={36}
              presence={person.presence}
              ground="card"
            />
          </CheckRow>
        ))}
      </ScrollView>
      <Button
        label={t('group.addToCall')}
        disabled={chosen.size === 0}
        onPress={() => {
          onAdd([...chosen]);
          onClose();
        }}
      />
      {onCopyLink === undefined ? null : (
        <Button kind="outline" icon="link" label={t('group.copyLink')} onPress={onCopyLink} />
      )}
    </Dialog>
  );
}
