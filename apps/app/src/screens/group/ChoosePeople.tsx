import { type ReactNode, useState } from 'react';
import { ScrollView } from 'react-native';
import { Avatar } from '../../ui/Avatar';
import { Button } from '../../ui/Button';
import { CheckRow } from '../../ui/CheckRow';
import { Dialog } from '../../ui/Dialog';
import { Text } from '../../ui/Text';
import { useWords } from '../../words/words';
import type { Person } from '../snapshots';

export interface ChoosePeopleProps {
  readonly title: string;
  /** What the button says. */
  readonly action: string;
  /** Null while they are on their way. */
  readonly people: readonly Person[] | null;
  readonly nobody: string;
  /** Chosen from the start; then nobody can be chosen as well. */
  readonly chosen?: readonly string[];
  readonly onChoose: (ids: readonly string[]) => void;
  /** What else leads people here. */
  readonly children?: ReactNode;
  readonly onClose: () => void;
}

/** A checkbox for each person, and one button. */
export function ChoosePeople({
  title,
  action,
  people,
  nobody,
  onChoose,
  children,
  onClose,
  ...given
}: ChoosePeopleProps) {
  const t = useWords();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set(given.chosen));
  const toggle = (id: string, on: boolean) => {
    const next = new Set(chosen);
    if (on) next.add(id);
    else next.delete(id);
    setChosen(next);
  };
  return (
    <Dialog title={title} onClose={onClose} width={400}>
      {people !== null && people.length === 0 ? <Text tone="quiet">{nobody}</Text> : null}
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
        label={action}
        disabled={chosen.size === 0 && given.chosen === undefined}
        onPress={() => {
          onChoose([...chosen]);
          onClose();
        }}
      />
      {children}
    </Dialog>
  );
}
