import type { ActiveCall } from '@parley/client';
import { useParley } from '@parley/react';
import type { GroupCallProps } from '../screens/group/GroupCall';
import { usePeople } from './people';
import { useGroupPart } from './useGroupPart';

/** Whom one can add to a call; null where one may not. */
export function useAddable(call: ActiveCall): NonNullable<GroupCallProps['addable']> | null {
  const { group } = useParley();
  const everybody = usePeople();
  useGroupPart(call.ringing.length > 0);
  if (call.callId === null || call.self.role === 'guest') return null;
  const here = new Set([...call.people.map(({ userId }) => userId), ...call.ringing.map(({ id }) => id)]);
  return {
    people: everybody?.filter(({ id }) => !here.has(id)) ?? null,
    onAdd: (ids) => group.invite(ids),
  };
}
