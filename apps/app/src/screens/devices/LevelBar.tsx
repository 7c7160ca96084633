import { useEffect, useState } from 'react';
import { View } from 'react-native';
import { useColors } from '../../theme/ThemeProvider';
import { space } from '../../theme/tokens';

const PARTS = Array.from({ length: 16 }, (_, index) => index);

export interface LevelBarProps {
  readonly label: string;
  readonly onLevel: (heard: (level: number) => void) => () => void;
}

/** How loud it is. Whoever does not see it gets it in hundredths, when they ask. */
export function LevelBar({ label, onLevel }: LevelBarProps) {
  const colors = useColors();
  const [lit, setLit] = useState(0);
  // Steps, so that it is drawn anew for those alone.
  useEffect(() => onLevel((level) => setLit(Math.round(level * PARTS.length))), [onLevel]);
  return (
    <View
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round((lit / PARTS.length) * 100)}
      style={{ flexDirection: 'row', gap: 3, height: 10, paddingVertical: 1, marginVertical: space(1) }}
    >
      {PARTS.map((part) => (
        <View
          key={part}
          style={{ flex: 1, borderRadius: 3, backgroundColor: part < lit ? colors.speaking : colors.line }}
        />
      ))}
    </View>
  );
}
