import { useCallback, useReducer } from 'react';

/**
 * Draws this component once more, with what is so by then, after what was tapped has gone out. Screens may wait for the sound of a call;
 * whatever was pressed has to say at once that it is under way.
 */
export function useDrawNow(): () => void {
  const [, draw] = useReducer((times: number) => times + 1, 0);
  return useCallback(() => void setTimeout(draw, 0), []);
}
