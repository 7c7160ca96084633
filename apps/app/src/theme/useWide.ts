import { useWindowDimensions } from 'react-native';
import { WIDE_FROM } from './tokens';

/** True where the sidebar and a pane fit beside each other. */
export const useWide = (): boolean => useWindowDimensions().width >= WIDE_FROM;
