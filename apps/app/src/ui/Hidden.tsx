import { Text } from './Text';
import { isWeb } from './web';

export interface HiddenProps {
  readonly children: string;
  readonly nativeID?: string;
  /** A live region: it has to be there before its words come. */
  readonly live?: 'polite' | 'assertive';
}

/** Words for screen readers alone. */
export function Hidden({ children, nativeID, live }: HiddenProps) {
  // A phone's screen reader has nothing to speak of where there are no words.
  if (!isWeb && children === '') return null;
  return (
    <Text
      {...(nativeID === undefined ? {} : { nativeID })}
      {...(live === undefined ? {} : { 'aria-live': live })}
      style={{ position: 'absolute', width: 1, height: 1, margin: -1, overflow: 'hidden', opacity: 0 }}
    >
      {children}
    </Text>
  );
}
