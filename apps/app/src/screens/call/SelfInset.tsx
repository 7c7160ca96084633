import { useState } from 'react';
import { useWindowDimensions } from 'react-native';
import { useSafeAreaInsets } from 'react-native-safe-area-context';
import { space } from '../../theme/tokens';
import { useWide } from '../../theme/useWide';
import type { SelfOnStage } from '../snapshots';
import { Inset } from './Inset';
import { PersonTile } from './PersonTile';
import { HEADER, PHONE_HEADER } from './Stage';
import type { Corner, Rect, Size } from './snap';

export interface SelfInsetProps {
  readonly self: SelfOnStage;
  /** What lies at the lower edge. */
  readonly controls: Rect;
  readonly corner: Corner | undefined;
  readonly onCorner: ((corner: Corner) => void) | undefined;
}

/** One's own picture over the others'. */
export function SelfInset({ self, controls, corner, onCorner }: SelfInsetProps) {
  const insets = useSafeAreaInsets();
  const window = useWindowDimensions();
  const wide = useWide();
  const [own, setOwn] = useState<Corner>('topRight');
  const picture = self.videoEnabled && self.stream !== null;
  const edge = space(wide ? 5 : 4);
  return (
    <Inset
      size={sizeOf(window, wide, picture)}
      keepOff={{
        top: wide ? HEADER + space(2) : insets.top + PHONE_HEADER + space(2),
        right: insets.right + edge,
        bottom: insets.bottom + edge,
        left: insets.left + edge,
      }}
      obstacles={controls.height === 0 ? [] : [controls]}
      corner={corner ?? own}
      onCorner={(next) => {
        setOwn(next);
        onCorner?.(next);
      }}
    >
      <PersonTile
        person={self}
        isSelf
        mirror={self.mirrored !== false}
        avatarSize={wide ? 56 : 44}
        style={{ flex: 1 }}
      />
    </Inset>
  );
}

function sizeOf(window: Size, wide: boolean, picture: boolean): Size {
  if (wide) {
    const width = window.width >= 1100 ? 224 : 184;
    return { width, height: (width * 10) / 16 };
  }
  if (!picture) return { width: 84, height: 100 };
  return window.width > window.height ? { width: 148, height: 108 } : { width: 108, height: 148 };
}
