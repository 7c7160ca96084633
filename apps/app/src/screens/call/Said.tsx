import { useEffect, useRef, useState } from 'react';
import { Hidden } from '../../ui/Hidden';
import { type Speakable, saidOf } from './saidOf';

/** Tells screen readers of what changes in a call, politely: they finish what they are saying. */
export function Said({ call }: { readonly call: Speakable }) {
  const before = useRef(call);
  const [words, setWords] = useState('');
  useEffect(() => {
    const said = saidOf(before.current, call);
    before.current = call;
    if (said.length > 0) setWords(said.join('. '));
  }, [call]);
  return <Hidden live="polite">{words}</Hidden>;
}
