import type { PersonSettings } from '@parley/protocol';
import { View } from 'react-native';
import { RING_TONES, RINGS_HERE, type RingsHere, type RingTone } from '../../sound/types';
import { Button } from '../../ui/Button';
import { Choice } from '../../ui/Choice';
import { Text } from '../../ui/Text';
import { dayAndTime, timeOfDay } from '../../words/format';
import { useWords } from '../../words/words';
import type { ErrorCode } from '../snapshots';
import { Matter, Section } from './Section';

export const QUIET_CHOICES = ['off', 'hour', 'eight', 'tomorrow', 'always'] as const;
export type QuietChoice = (typeof QUIET_CHOICES)[number];
const HIDE_CHOICES = ['never', 'until_answer', 'always'] as const satisfies readonly PersonSettings['hideAddress'][];

/** When *until tomorrow* ends, as the language writes it. */
const morning = (): string => timeOfDay(new Date(2026, 0, 1, 8).getTime());

export interface CallsSectionProps {
  /** Null while it is not known. */
  readonly quiet: { readonly choice: QuietChoice; readonly until: number | null } | null;
  /** Null where the system decides. */
  readonly ringsHere: RingsHere | null;
  readonly ringTone: RingTone;
  /** Null while it is not known. */
  readonly address: { readonly hide: PersonSettings['hideAddress']; readonly relayAvailable: boolean } | null;
  readonly now: number;
  readonly error: ErrorCode | null;
  readonly onQuiet?: (choice: QuietChoice) => void;
  readonly onRingsHere?: (rings: RingsHere) => void;
  readonly onRingTone?: (tone: RingTone) => void;
  readonly onPreview?: () => void;
  readonly onHideAddress?: (hide: PersonSettings['hideAddress']) => void;
}

export function CallsSection(props: CallsSectionProps) {
  const { quiet, ringsHere, ringTone, address, now, error } = props;
  const { onQuiet, onRingsHere, onRingTone, onPreview, onHideAddress } = props;
  const t = useWords();
  const relayAvailable = address?.relayAvailable === true;
  return (
    <Section title={t('settings.calls')} error={error}>
      <Matter title={t('settings.quiet.title')}>
        <Choice
          stacked
          label={t('settings.quiet.title')}
          value={quiet?.choice ?? null}
          options={QUIET_CHOICES.map((choice) => [choice, t(`settings.quiet.${choice}`, { time: morning() })])}
          onChoose={quiet === null ? undefined : onQuiet}
        />
        <Text variant="small" tone="quiet" role="status">
          {quiet === null || quiet.choice === 'off'
            ? t('settings.quiet.text')
            : quiet.until === null
              ? t('settings.quiet.onForGood')
              : t('settings.quiet.onUntil', { time: dayAndTime(quiet.until, now) })}
        </Text>
      </Matter>
      {ringsHere === null ? null : (
        <Matter title={t('settings.ringsHere.title')}>
          <Choice
            label={t('settings.ringsHere.title')}
            value={ringsHere}
            options={RINGS_HERE.map((rings) => [rings, t(`settings.ringsHere.${rings}`)])}
            onChoose={onRingsHere}
          />
          <Text variant="small" tone="quiet">
            {t('settings.ringsHere.text')}
          </Text>
        </Matter>
      )}
      <Matter title={t('settings.ringTone.title')}>
        <Choice
          label={t('settings.ringTone.title')}
          value={ringTone}
          options={RING_TONES.map((tone) => [tone, t(`settings.ringTone.${tone}`)])}
          onChoose={onRingTone}
        />
        <View style={{ alignItems: 'flex-start' }}>
          <Button compact kind="outline" icon="sound" label={t('settings.ringTone.preview')} onPress={onPreview} />
        </View>
      </Matter>
      <Matter title={t('settings.address.title')}>
        <Choice
          stacked
          label={t('settings.address.title')}
          value={address?.hide ?? null}
          options={HIDE_CHOICES.filter(
            (choice) => choice !== 'always' || relayAvailable || address?.hide === choice,
          ).map((choice) => [choice, t(`settings.address.${choice}`)])}
          onChoose={address === null ? undefined : onHideAddress}
        />
        <Text variant="small" tone="quiet">
          {t('settings.address.text')}
        </Text>
        {address === null || relayAvailable ? null : (
          <Text variant="small" tone="quiet">
            {t('settings.address.noRelay')}
          </Text>
        )}
      </Matter>
    </Section>
  );
}
