import { RATING_REASONS, RATINGS, type Rating, type RatingReason } from '@parley/protocol';
import { View } from 'react-native';
import { useColors } from '../../theme/ThemeProvider';
import { radius, size, space } from '../../theme/tokens';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { Choice } from '../../ui/Choice';
import { Press } from '../../ui/Press';
import { Text } from '../../ui/Text';
import { useWords } from '../../words/words';
import type { CallSummarySnapshot } from '../snapshots';

export interface HowWasItProps {
  readonly opinion: NonNullable<CallSummarySnapshot['opinion']>;
  readonly onRate?: ((rating: Rating) => void) | undefined;
  /** Gives a reason, or takes it back. */
  readonly onReason?: ((reason: RatingReason) => void) | undefined;
  readonly onSkip?: (() => void) | undefined;
}

/** One tap answers; whoever was not content may say why. */
export function HowWasIt({ opinion, onRate, onReason, onSkip }: HowWasItProps) {
  const { rating, reasons, failed } = opinion;
  const t = useWords();
  const said = failed ? t('opinion.failed') : rating === null ? '' : t('opinion.thanks');
  return (
    <Card style={{ width: '100%', marginTop: space(4) }}>
      <View style={{ padding: space(4), paddingTop: space(2), gap: space(2) }}>
        <View
          style={{
            flexDirection: 'row',
            flexWrap: 'wrap',
            alignItems: 'center',
            alignContent: 'center',
            justifyContent: 'space-between',
            columnGap: space(3),
            minHeight: size.touch,
          }}
        >
          <Text weight="semibold" heading={2}>
            {t('opinion.title')}
          </Text>
          <View role="status" aria-live="polite">
            {said === '' ? null : (
              <Text variant="small" tone={failed ? 'stopInk' : 'callInk'}>
                {said}
              </Text>
            )}
          </View>
          {rating === null && onSkip !== undefined ? (
            <Button kind="quiet" compact label={t('opinion.skip')} onPress={onSkip} style={{ marginEnd: -space(4) }} />
          ) : null}
        </View>
        <Choice
          label={t('opinion.title')}
          value={rating}
          options={RATINGS.map((one) => [one, t(`opinion.${one}`)] as const)}
          onChoose={onRate}
        />
        {rating === null || rating === 'good' ? null : <Reasons reasons={reasons} onReason={onReason} />}
      </View>
    </Card>
  );
}

function Reasons({
  reasons,
  onReason,
}: {
  readonly reasons: readonly RatingReason[];
  readonly onReason: HowWasItProps['onReason'];
}) {
  const t = useWords();
  const colors = useColors();
  return (
    <View role="group" aria-label={t('opinion.why')} style={{ gap: space(2) }}>
      <Text variant="small" tone="quiet">
        {t('opinion.why')}
      </Text>
      <View style={{ flexDirection: 'row', flexWrap: 'wrap', gap: space(2) }}>
        {RATING_REASONS.map((reason) => {
          const given = reasons.includes(reason);
          return (
            <Press
              key={reason}
              label={t(`opinion.reasons.${reason}`)}
              pressed={given}
              onPress={onReason && (() => onReason(reason))}
              style={{
                minHeight: size.touch,
                justifyContent: 'center',
                paddingHorizontal: space(3.5),
                borderRadius: radius.full,
                borderWidth: 1,
                borderColor: given ? colors.accent : colors.line,
                backgroundColor: given ? colors.accentGround : colors.card,
              }}
            >
              <Text variant="small" weight="medium" tone={given ? 'accent' : 'ink'}>
                {t(`opinion.reasons.${reason}`)}
              </Text>
            </Press>
          );
        })}
      </View>
    </View>
  );
}
