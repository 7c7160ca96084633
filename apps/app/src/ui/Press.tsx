import type { ReactNode } from 'react';
import { type GestureResponderEvent, Pressable, type StyleProp, View, type ViewStyle } from 'react-native';
import { useColors } from '../theme/ThemeProvider';
import { keysInWords } from './keys';
import { isWeb, webProps } from './web';

export interface PressProps {
  /** Its accessible name. */
  readonly label: string;
  readonly onPress?: (() => void) | undefined;
  readonly role?: 'button' | 'radio' | 'checkbox';
  /** A link: the address is there for a new tab, `onPress` for everything else. */
  readonly href?: string;
  readonly disabled?: boolean;
  /** For toggles: said as pressed or not. */
  readonly pressed?: boolean;
  readonly checked?: boolean;
  /** For what shows and hides something: whether it shows. */
  readonly expanded?: boolean;
  readonly current?: boolean;
  readonly style?: StyleProp<ViewStyle>;
  readonly children: ReactNode;
  readonly testID?: string;
  /** Said beside a resting pointer and the focus of the keyboard, where no words stand on it. */
  readonly tip?: string;
  /** The key that does the same, as `aria-keyshortcuts` writes it. */
  readonly keys?: string;
}

const wantsNewTab = (event: GestureResponderEvent): boolean => {
  const keys = event as unknown as { metaKey?: boolean; ctrlKey?: boolean; shiftKey?: boolean };
  return keys.metaKey === true || keys.ctrlKey === true || keys.shiftKey === true;
};

/** Whatever can be pressed: answers in the same frame with a veil, is reached by keyboard, and says what it is. */
export function Press(props: PressProps) {
  const { label, onPress, role = 'button', href, disabled, pressed, checked, current, style, children, testID } = props;
  const colors = useColors();
  const off = disabled === true || (onPress === undefined && href === undefined);

  const press = (event: GestureResponderEvent) => {
    if (isWeb && href !== undefined) {
      if (wantsNewTab(event)) return;
      event.preventDefault();
    }
    onPress?.();
  };

  return (
    <Pressable
      role={href === undefined ? role : 'link'}
      aria-label={label}
      disabled={off}
      onPress={press}
      {...(testID === undefined ? {} : { testID })}
      {...(checked === undefined ? {} : { 'aria-checked': checked })}
      {...webProps({
        ...(href === undefined ? {} : { href }),
        ...(pressed === undefined ? {} : { 'aria-pressed': pressed }),
        ...(props.expanded === undefined ? {} : { 'aria-expanded': props.expanded }),
        ...(current === true ? { 'aria-current': 'page' } : {}),
        ...(props.keys === undefined ? {} : { 'aria-keyshortcuts': props.keys }),
        ...(props.tip === undefined
          ? {}
          : { dataSet: { tip: props.tip, keys: props.keys && keysInWords(props.keys) } }),
        // react-native-web waits 50 ms before it shows a press.
        delayPressIn: 0,
        delayPressOut: 0,
      })}
      style={[{ overflow: 'hidden', opacity: off ? 0.5 : 1 }, off ? null : ({ cursor: 'pointer' } as ViewStyle), style]}
    >
      {(state) => {
        const hovered = 'hovered' in state && state.hovered === true;
        const veil = state.pressed ? colors.press : hovered ? colors.hover : 'transparent';
        return (
          <>
            <View
              style={{
                position: 'absolute',
                inset: 0,
                backgroundColor: off ? 'transparent' : veil,
                pointerEvents: 'none',
              }}
            />
            {children}
          </>
        );
      }}
    </Pressable>
  );
}
