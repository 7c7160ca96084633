import { useEffect, useRef, useState } from 'react';

/** True once `value` has held for so many milliseconds: what mends itself in a moment is not worth a word. */
export function useLasting(value: boolean, ms: number): boolean {
  const [lasts, setLasts] = useState(false);
  useEffect(() => {
    if (!value) return setLasts(false);
    const timer = setTimeout(() => setLasts(true), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return value && lasts;
}

/** True for so many milliseconds after `value` has ended. */
export function useAfter(value: boolean, ms: number): boolean {
  const [after, setAfter] = useState(false);
  const was = useRef(value);
  useEffect(() => {
    const ended = was.current && !value;
    was.current = value;
    setAfter(ended);
    if (!ended) return;
    const timer = setTimeout(() => setAfter(false), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return after && !value;
}
