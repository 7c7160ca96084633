import { useChatSnapshot, useParley } from '@parley/react';
import { type ReactNode, useEffect, useState } from 'react';
import { PicturesOf } from '../ui/pictures';
import { dataUri, PictureStore } from './picture-store';

/** Gives every avatar below the picture of its person, fetched with the token (docs/decisions/0012). */
export function PeoplesPictures({ children }: { readonly children: ReactNode }) {
  const { account } = useParley();
  const members = useChatSnapshot((chat) => chat.members);
  const [store] = useState(
    () =>
      new PictureStore(async (userId, hash) => {
        const { type, data } = await account.picture(userId, hash);
        return dataUri(type, data);
      }),
  );
  useEffect(() => {
    const everybody = [...members.values()].flat();
    store.know(new Map(everybody.flatMap(({ id, picture }) => (picture === null ? [] : [[id, picture] as const]))));
  }, [store, members]);
  return <PicturesOf value={store}>{children}</PicturesOf>;
}
