import { useClientSnapshot, useParley } from '@parley/react';
import { usePathname } from 'expo-router';
import { type ReactNode, useEffect, useRef } from 'react';
import { paths } from '../paths';
import { LoadingState } from '../ui/States';
import { useGo } from './navigation';

const OPEN_TO_ALL = [/^\/invite\//, /^\/join\//, /^\/gallery$/];
/** Whoever came by the link of a call has nothing else here. */
const FOR_GUESTS = /^\/(join|call)\//;
const FOR_STRANGERS: readonly string[] = [paths.signIn, paths.signUp];

/** Where a person wanted to go before they had to sign in. */
let wanted: string | null = null;

/** Leads people who are not signed in to the door, and those who are past it. */
export function SessionGuard({ children }: { readonly children: ReactNode }) {
  const session = useClientSnapshot((client) => client.session);
  const path = usePathname();
  const go = useGo();
  const client = useParley();
  const strays = useClientSnapshot(({ isGuest }) => isGuest) && !FOR_GUESTS.test(path);
  useEffect(() => {
    if (strays) void client.signOut();
  }, [client, strays]);
  const open = OPEN_TO_ALL.some((pattern) => pattern.test(path));
  const stranger = FOR_STRANGERS.includes(path);
  const target =
    session === 'signed_out' && !open && !stranger
      ? paths.signIn
      : session === 'signed_in' && stranger
        ? (wanted ?? paths.home)
        : null;

  const before = useRef(session);
  useEffect(() => {
    // Whoever signs out leaves the page behind: the next one may be somebody else.
    const leaves = before.current === 'signed_in' && session === 'signed_out';
    before.current = session;
    if (open && path.startsWith('/invite/')) wanted = path;
    else if (leaves) wanted = null;
    else if (session === 'signed_out' && target !== null && path !== paths.home) wanted = path;
    else if (session === 'signed_in' && !stranger) wanted = null;
    if (target !== null) go.replace(target);
  }, [session, path, open, stranger, target, go]);

  // The router has to be drawn before it can be told to go anywhere: what waits lies over it.
  return (
    <>
      {children}
      {target !== null || (session === 'loading' && !open) ? <LoadingState cover /> : null}
    </>
  );
}
