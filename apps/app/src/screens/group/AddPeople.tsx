import { useWords } from '../../words/words';
import type { Person } from '../snapshots';
import { ChoosePeople } from './ChoosePeople';
import { LinkActions, type LinkActionsProps } from './LinkActions';

export interface AddPeopleProps {
  /** Members of the team who are not in the call; null while they are on their way. */
  readonly people: readonly Person[] | null;
  readonly onAdd: (ids: readonly string[]) => void;
  readonly link?: LinkActionsProps;
  readonly onClose: () => void;
}

export function AddPeople({ onAdd, link, ...rest }: AddPeopleProps) {
  const t = useWords();
  return (
    <ChoosePeople
      {...rest}
      title={t('group.addPeople')}
      action={t('group.addToCall')}
      nobody={t('group.everybodyIsHere')}
      onChoose={onAdd}
    >
      {link === undefined ? null : <LinkActions {...link} />}
    </ChoosePeople>
  );
}
