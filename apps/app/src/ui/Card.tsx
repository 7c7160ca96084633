import { Children, Fragment, type ReactNode } from 'react';
import { type StyleProp, View, type ViewStyle } from 'react-native';
import { useColors } from '../theme/ThemeProvider';
import { radius, space } from '../theme/tokens';

export function Card({ children, style }: { readonly children: ReactNode; readonly style?: StyleProp<ViewStyle> }) {
  const colors = useColors();
  return (
    <View
      style={[
        {
          backgroundColor: colors.card,
          borderRadius: radius.card,
          borderWidth: 1,
          borderColor: colors.line,
          overflow: 'hidden',
        },
        style,
      ]}
    >
      {children}
    </View>
  );
}

/** A card of rows with a line between them. */
export function CardList({ children, style }: { readonly children: ReactNode; readonly style?: StyleProp<ViewStyle> }) {
  const colors = useColors();
  return (
    <Card style={style}>
      {Children.toArray(children).map((child, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the children carry their own keys; this one is for the line.
        <Fragment key={index}>
          {index === 0 ? null : (
            <View style={{ height: 1, backgroundColor: colors.line, marginHorizontal: space(4) }} />
          )}
          {child}
        </Fragment>
      ))}
    </Card>
  );
}
