import { Platform } from 'react-native';

/**
 * Props that react-native-web understands and React Native's types do not know (href, dataSet, some aria-*).
 * On phones they are left out.
 */
export const webProps = (props: Record<string, unknown>): object => (Platform.OS === 'web' ? props : {});

export const isWeb = Platform.OS === 'web';
