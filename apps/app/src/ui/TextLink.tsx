import { radius, size, space } from '../theme/tokens';
import { Press } from './Press';
import { Text } from './Text';

export interface TextLinkProps {
  readonly label: string;
  readonly href: string;
  readonly onPress?: (() => void) | undefined;
}

export function TextLink({ label, href, onPress }: TextLinkProps) {
  return (
    <Press
      href={href}
      label={label}
      onPress={onPress}
      style={{ minHeight: size.touch, justifyContent: 'center', paddingHorizontal: space(2), borderRadius: radius.row }}
    >
      <Text weight="semibold" tone="accent">
        {label}
      </Text>
    </Press>
  );
}
