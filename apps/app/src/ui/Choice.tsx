import { View } from 'react-native';
import { useColors } from '../theme/ThemeProvider';
import { radius, size, space } from '../theme/tokens';
import { Press } from './Press';
import { Text } from './Text';
import { webProps } from './web';

export interface ChoiceProps<T extends string> {
  /** Accessible name of the group. */
  readonly label: string;
  /** Null: none of them. */
  readonly value: T | null;
  readonly options: readonly (readonly [T, string])[];
  readonly onChoose: ((value: T) => void) | undefined;
  /** One below the other, for longer words. */
  readonly stacked?: boolean;
  /** Least width of each in points: where they do not fit beside each other, they wrap. */
  readonly basis?: number;
}

interface KeyEvent {
  readonly key: string;
  readonly currentTarget: HTMLElement;
  preventDefault(): void;
}

const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };

/** The arrow keys go from one to the next and choose it, as in every radio group (WAI-ARIA, radio). */
function stepByKey(event: KeyEvent): void {
  const step = STEPS[event.key];
  if (step === undefined) return;
  const radios = [...event.currentTarget.querySelectorAll<HTMLElement>('[role="radio"]')];
  const at = radios.indexOf(document.activeElement as HTMLElement);
  const next = radios[(at + step + radios.length) % radios.length];
  if (at < 0 || next === undefined) return;
  event.preventDefault();
  next.focus();
  next.click();
}

/** One of a few. */
export function Choice<T extends string>({
  label,
  value,
  options,
  onChoose,
  stacked = false,
  basis = 88,
}: ChoiceProps<T>) {
  const colors = useColors();
  return (
    <View
      role="radiogroup"
      aria-label={label}
      {...webProps({ onKeyDown: stepByKey })}
      style={{ flexDirection: stacked ? 'column' : 'row', flexWrap: stacked ? 'nowrap' : 'wrap', gap: space(2) }}
    >
      {options.map(([option, text]) => {
        const chosen = option === value;
        return (
          <Press
            key={option}
            role="radio"
            checked={chosen}
            label={text}
            onPress={onChoose && (() => onChoose(option))}
            style={{
              ...(stacked ? {} : { flexGrow: 1, flexShrink: 1, flexBasis: basis }),
              minHeight: size.touch,
              borderRadius: radius.button,
              borderWidth: 1,
              borderColor: chosen ? colors.accent : colors.line,
              backgroundColor: chosen ? colors.accentGround : colors.card,
              alignItems: stacked ? 'flex-start' : 'center',
              justifyContent: 'center',
              paddingHorizontal: space(stacked ? 4 : 2),
              paddingVertical: space(1),
            }}
          >
            <Text variant="small" weight="semibold" tone={chosen ? 'accent' : 'ink'}>
              {text}
            </Text>
          </Press>
        );
      })}
    </View>
  );
}
