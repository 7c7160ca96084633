import type { DeviceOption, DeviceRole, DeviceSnapshot } from '@parley/client';
import type { ReactNode } from 'react';
import { View } from 'react-native';
import { space } from '../../theme/tokens';
import { Button } from '../../ui/Button';
import { Choice } from '../../ui/Choice';
import { Notice } from '../../ui/Notice';
import { Text } from '../../ui/Text';
import { useWords } from '../../words/words';

export interface DeviceChoiceProps {
  readonly role: DeviceRole;
  readonly device: DeviceSnapshot;
  readonly onChoose: ((deviceId: string | null) => void) | undefined;
  readonly onExplain?: (() => void) | undefined;
  /** The platform lets nobody choose. */
  readonly fixed?: boolean;
  /** Tests of what was chosen. */
  readonly children?: ReactNode;
}

/** For the radio group, which knows no null: no device has an empty id. */
const DEFAULT = '';

/** One kind of device. What is marked is what is in use. */
export function DeviceChoice({ role, device, onChoose, onExplain, fixed = false, children }: DeviceChoiceProps) {
  const t = useWords();
  const { options, chosen, behindDefault, missing, present, problem } = device;
  const source = role === 'microphone' || role === 'camera' ? role : null;
  // Some browsers could send a sound elsewhere, and tell of nothing where to.
  const system = fixed || (source === null && !present);
  const nameOf = ({ label, place }: DeviceOption) =>
    place === null ? label || t('devices.unnamed') : t(`devices.place.${place}`);
  // On phones the system's default is no device of its own.
  const places = options.some(({ place }) => place !== null);
  const byDefault = places
    ? t('devices.byItself')
    : behindDefault === null
      ? t('devices.systemDefault')
      : t('devices.systemDefaultIs', { name: behindDefault });
  return (
    <View style={{ gap: space(2) }}>
      <Text variant="small" weight="semibold" tone="quiet" heading={3}>
        {t(`devices.${role}`)}
      </Text>
      {fixed || options.length === 0 ? null : (
        <Choice
          stacked
          label={t(`devices.${role}`)}
          value={chosen ?? DEFAULT}
          options={[[DEFAULT, byDefault], ...options.map((option) => [option.id, nameOf(option)] as const)]}
          onChoose={onChoose && ((id) => onChoose(id === DEFAULT ? null : id))}
        />
      )}
      {system ? <Quiet text={t('devices.fixedSpeaker')} /> : null}
      {source !== null && !present ? <Quiet text={t(`devices.none.${source}`)} /> : null}
      {!fixed && present && options.length === 0 ? <Quiet text={t(`devices.untold.${role}`)} /> : null}
      {!fixed && missing !== null ? (
        <Notice icon="info" tone="accent" text={t('devices.missing', { name: missing || t('devices.unnamed') })} />
      ) : null}
      {source !== null && problem !== null && present ? (
        <Notice
          icon="alert"
          tone="stop"
          text={t(`permission.${source}.${problem}.title`)}
          action={onExplain && <Button compact kind="quiet" label={t('permission.fix')} onPress={onExplain} />}
        />
      ) : null}
      {children}
    </View>
  );
}

function Quiet({ text }: { readonly text: string }) {
  return (
    <Text variant="small" tone="quiet">
      {text}
    </Text>
  );
}
