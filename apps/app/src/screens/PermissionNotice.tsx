import type { CaptureProblem } from '@parley/client';
import { ScrollView, View } from 'react-native';
import { useSafeAreaInsets } from 'react-native-safe-area-context';
import { useColors } from '../theme/ThemeProvider';
import { space } from '../theme/tokens';
import { useWide } from '../theme/useWide';
import { Button } from '../ui/Button';
import { Icon } from '../ui/Icon';
import { Text } from '../ui/Text';
import { isWeb } from '../ui/web';
import { useWords } from '../words/words';

/** `ask`: before the platform's own question; otherwise what stands in the way. */
export type PermissionMatter =
  | { readonly is: 'ask'; readonly wanted: 'microphone' | 'both' }
  | { readonly is: 'problem'; readonly source: 'microphone' | 'camera'; readonly problem: CaptureProblem };

export interface PermissionNoticeProps {
  readonly matter: PermissionMatter;
  /** Ask now, or try once more. */
  readonly onContinue?: () => void;
  /** Only on phones: the system's settings for this app. */
  readonly onOpenSettings?: () => void;
  /** Go on without. */
  readonly onWithout?: () => void;
  readonly onCancel?: () => void;
}

function useMatterWords(matter: PermissionMatter): { title: string; text: string } {
  const t = useWords();
  if (matter.is === 'ask') {
    return { title: t(`permission.ask.${matter.wanted}.title`), text: t(`permission.ask.${matter.wanted}.text`) };
  }
  const { source, problem } = matter;
  if (problem === 'denied') {
    const title = t(`permission.${source}.denied.title`);
    return { title, text: isWeb ? t(`permission.${source}.denied.web`) : t(`permission.${source}.denied.native`) };
  }
  return { title: t(`permission.${source}.${problem}.title`), text: t(`permission.${source}.${problem}.text`) };
}

export function PermissionNotice({ matter, onContinue, onOpenSettings, onWithout, onCancel }: PermissionNoticeProps) {
  const t = useWords();
  const colors = useColors();
  const insets = useSafeAreaInsets();
  const wide = useWide();
  const { title, text } = useMatterWords(matter);
  const asks = matter.is === 'ask';
  const camera = matter.is === 'ask' ? matter.wanted === 'both' : matter.source === 'camera';
  const icon = camera ? (asks ? 'video' : 'videoOff') : asks ? 'mic' : 'micOff';
  const without = camera && !asks ? t('permission.withoutCamera') : t('permission.onlyListen');

  const actions = (
    <View style={{ width: '100%', maxWidth: wide ? 360 : undefined, gap: space(2.5) }}>
      {onOpenSettings && <Button icon="settings" label={t('permission.openSettings')} onPress={onOpenSettings} />}
      {onContinue && (
        <Button
          kind={onOpenSettings === undefined ? 'primary' : 'outline'}
          label={asks ? t('permission.ask.continue') : t('permission.tryAgain')}
          onPress={onContinue}
        />
      )}
      {onWithout && <Button kind="outline" label={without} onPress={onWithout} />}
      {onCancel && <Button kind="quiet" label={t('permission.notNow')} onPress={onCancel} />}
    </View>
  );

  return (
    <View role="main" style={{ flex: 1, backgroundColor: colors.background }}>
      <ScrollView
        contentContainerStyle={{
          flexGrow: 1,
          alignItems: 'center',
          justifyContent: 'center',
          padding: space(7),
          paddingTop: insets.top + space(7),
          gap: space(8),
        }}
      >
        <View style={{ alignItems: 'center', maxWidth: 400 }}>
          <View
            style={{
              width: 88,
              height: 88,
              borderRadius: 28,
              backgroundColor: asks ? colors.accentGround : colors.stopGround,
              alignItems: 'center',
              justifyContent: 'center',
            }}
          >
            <Icon name={icon} size={38} tone={asks ? 'accent' : 'stopInk'} />
          </View>
          <Text variant="heading22" heading={1} align="center" style={{ marginTop: space(6) }}>
            {title}
          </Text>
          <Text tone="quiet" align="center" style={{ marginTop: space(2) }}>
            {text}
          </Text>
        </View>
        {wide ? actions : null}
      </ScrollView>
      {wide ? null : (
        <View style={{ paddingHorizontal: space(5), paddingBottom: insets.bottom + space(8) }}>{actions}</View>
      )}
    </View>
  );
}
