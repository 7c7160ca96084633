import { View } from 'react-native';
import { radius, size, space } from '../../theme/tokens';
import { Dialog } from '../../ui/Dialog';
import { Icon } from '../../ui/Icon';
import type { IconName } from '../../ui/icons';
import { Press } from '../../ui/Press';
import { RoundControl } from '../../ui/RoundControl';
import { Text } from '../../ui/Text';
import { useWords } from '../../words/words';

/** Something of the screen's that is on or off. Absent where the platform does not have it. */
export interface StageSwitch {
  readonly on: boolean;
  readonly set: (on: boolean) => void;
}

export interface StageExtras {
  readonly fullScreen: StageSwitch | undefined;
  readonly pictureInPicture: StageSwitch | undefined;
  /** Of one's own screen. */
  readonly share?: StageSwitch | undefined;
  /** Sound alone. */
  readonly dataSaver?: StageSwitch | undefined;
  readonly onDetails: (() => void) | undefined;
  readonly onDevices: (() => void) | undefined;
  readonly onShortcuts: (() => void) | undefined;
}

export interface Extra {
  readonly icon: IconName;
  readonly label: string;
  readonly keys?: string;
  readonly onPress: () => void;
}

export function useExtras(given: StageExtras): readonly Extra[] {
  const { fullScreen, pictureInPicture, share, dataSaver, onDetails, onDevices, onShortcuts } = given;
  const t = useWords();
  const extras: Extra[] = [];
  if (onDevices) extras.push({ icon: 'devices', label: t('devices.title'), onPress: onDevices });
  if (share) {
    const { on, set } = share;
    const label = on ? t('group.stopSharing') : t('group.share');
    extras.push({ icon: on ? 'stopSharing' : 'share', label, keys: 'S', onPress: () => set(!on) });
  }
  if (dataSaver) {
    const { on, set } = dataSaver;
    const label = on ? t('group.dataSaverOff') : t('group.dataSaverOn');
    extras.push({ icon: 'saver', label, onPress: () => set(!on) });
  }
  if (pictureInPicture) {
    const { on, set } = pictureInPicture;
    const label = on ? t('call.leavePictureInPicture') : t('call.pictureInPicture');
    extras.push({ icon: 'pictureInPicture', label, onPress: () => set(!on) });
  }
  if (fullScreen) {
    const { on, set } = fullScreen;
    const label = on ? t('call.leaveFullScreen') : t('call.fullScreen');
    extras.push({ icon: on ? 'leaveFullScreen' : 'fullScreen', label, keys: 'F', onPress: () => set(!on) });
  }
  if (onDetails) extras.push({ icon: 'signal', label: t('figures.title'), onPress: onDetails });
  if (onShortcuts) extras.push({ icon: 'keyboard', label: t('keys.title'), keys: '?', onPress: onShortcuts });
  return extras;
}

const BETWEEN = space(3);
/** What `ExtraControls` takes. */
export const extrasWidth = (count: number): number => count * size.control + Math.max(0, count - 1) * BETWEEN;

/** Where there is room, at the right of the controls. */
export function ExtraControls({ extras }: { readonly extras: readonly Extra[] }) {
  return (
    <View style={{ flexDirection: 'row', gap: BETWEEN }}>
      {extras.map(({ icon, label, keys, onPress }) => (
        <RoundControl
          key={icon}
          icon={icon}
          label={label}
          onPress={onPress}
          {...(keys === undefined ? {} : { keys })}
        />
      ))}
    </View>
  );
}

/** Where there is none: behind *More*. */
export function MoreMenu({ extras, onClose }: { readonly extras: readonly Extra[]; readonly onClose: () => void }) {
  const t = useWords();
  return (
    <Dialog title={t('call.more')} onClose={onClose}>
      <View style={{ marginHorizontal: -space(3) }}>
        {extras.map(({ icon, label, onPress }) => (
          <Press
            key={icon}
            label={label}
            onPress={() => {
              onClose();
              onPress();
            }}
            style={{ minHeight: size.control, borderRadius: radius.row, justifyContent: 'center' }}
          >
            <View style={{ flexDirection: 'row', alignItems: 'center', gap: space(4), paddingHorizontal: space(3) }}>
              <Icon name={icon} size={20} />
              <Text>{label}</Text>
            </View>
          </Press>
        ))}
      </View>
    </Dialog>
  );
}
