import { webStorage } from '@parley/client/browser';
import { useCallback, useEffect, useState } from 'react';
import { Platform } from 'react-native';
import { type Corner, isCorner } from '../screens/call/snap';

const KEY = 'parley.insetCorner';
const storage = webStorage(() => globalThis.localStorage);
/** For the calls of this run of the app; browsers keep it over a reload. */
let known: Corner = 'topRight';

/** Where one's own picture lies: where it was put in the last call. */
export function useInsetCorner(): { readonly corner: Corner; readonly onCorner: (corner: Corner) => void } {
  const [corner, setCorner] = useState(known);
  useEffect(() => {
    if (Platform.OS !== 'web') return;
    void storage.get(KEY).then((kept) => {
      if (isCorner(kept)) setCorner(kept);
    });
  }, []);
  const onCorner = useCallback((next: Corner) => {
    known = next;
    setCorner(next);
    if (Platform.OS === 'web') void storage.set(KEY, next);
  }, []);
  return { corner, onCorner };
}
