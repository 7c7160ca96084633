import { Linking } from 'react-native';
import { partsOf } from '../words/links';
import { Text, type TextProps } from './Text';
import { isWeb, webProps } from './web';

/** What somebody wrote, in which addresses of the web can be followed. They open beside the app: a call may be going on. */
export function LinkedText({ text, ...rest }: TextProps & { readonly text: string }) {
  return (
    <Text {...rest}>
      {partsOf(text).map(({ text: part, href }, index) =>
        href === undefined ? (
          part
        ) : (
          <Text
            // biome-ignore lint/suspicious/noArrayIndexKey: what was written does not change
            key={index}
            tone="accent"
            style={{ textDecorationLine: 'underline' }}
            {...(isWeb
              ? webProps({ href, hrefAttrs: { target: '_blank', rel: 'noopener noreferrer' } })
              : { role: 'link' as const, onPress: () => void Linking.openURL(href).catch(() => undefined) })}
          >
            {part}
          </Text>
        ),
      )}
    </Text>
  );
}
