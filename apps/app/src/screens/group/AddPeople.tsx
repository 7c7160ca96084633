import { useWords } from '../../words/words';
import type { Person } from '../snapshots';
import { ChoosePeople } from './ChoosePeople';

export interface AddPeopleProps {
  /** Members of the team who are not in the call; null while they are on their way. */
  readonly people: readonly Person[] | null;
  readonly onAdd: (ids: readonly string[]) => void;
  /** The call's link goes to the clipboard; absent where there is none. */
  readonly onCopyLink?: (() => void) | undefined;
  readonly onClose: () => void;
}

export function AddPeople({ onAdd, ...rest }: AddPeopleProps) {
  const t = useWords();
  return (
    <ChoosePeople
      {...rest}
      title={t('group.addPeople')}
      action={t('group.addToCall')}
      nobody={t('group.everybodyIsHere')}
      onChoose={onAdd}
    />
  );
}
