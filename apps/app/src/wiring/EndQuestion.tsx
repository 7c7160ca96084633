import { useClientSnapshot, useParley } from '@parley/react';
import { useEffect } from 'react';
import { EndAndCall } from '../screens/call/EndAndCall';
import { doNotAsk, useWantedCall } from './endAndCall';

/** Somebody who is in a call wants to make another one. */
export function EndQuestion() {
  const client = useParley();
  const wanted = useWantedCall();
  const inCall = useClientSnapshot(isInCall);
  const begin = wanted?.begin;
  // The call has ended meanwhile: there is nothing left to ask.
  useEffect(() => {
    if (begin === undefined || inCall) return;
    doNotAsk();
    begin();
  }, [begin, inCall]);
  if (begin === undefined || !inCall) return null;
  return (
    <EndAndCall
      onEnd={() => {
        doNotAsk();
        client.endCalls();
        begin();
      }}
      onStay={doNotAsk}
    />
  );
}

/** On this device or another of theirs. */
export const isInCall = ({
  active,
  others,
}: {
  readonly active: unknown;
  readonly others: readonly { readonly onHold: boolean }[];
}): boolean => active !== null || others.some(({ onHold }) => !onHold);
