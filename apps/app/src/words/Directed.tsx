import type { ReactNode } from 'react';
import { View } from 'react-native';
import { webProps } from '../ui/web';
import { useDirection } from './words';

/** Everything in it is laid out the way the words are written: react-native-web turns `start` and `end` by this, not by the page. */
export function Directed({ children }: { readonly children: ReactNode }) {
  return (
    <View {...webProps({ dir: useDirection() })} style={{ flex: 1 }}>
      {children}
    </View>
  );
}
