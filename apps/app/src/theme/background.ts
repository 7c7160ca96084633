import { Platform, type ViewStyle } from 'react-native';

/** A CSS gradient as a ground: React Native has it under another name than the browser. */
export function backgroundImage(css: string): ViewStyle {
  const style = Platform.OS === 'web' ? { backgroundImage: css } : { experimental_backgroundImage: css };
  return style as ViewStyle;
}

export const linear = (from: string, to: string): ViewStyle =>
  backgroundImage(`linear-gradient(135deg, ${from}, ${to})`);
