import { useEffect, useState } from 'react';
import { View } from 'react-native';
import { space } from '../../theme/tokens';
import { Avatar } from '../../ui/Avatar';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { Text } from '../../ui/Text';
import { TextField } from '../../ui/TextField';
import { useWords } from '../../words/words';
import type { ErrorCode, Person } from '../snapshots';
import { Section } from './Section';

export interface ProfileSectionProps {
  readonly me: Person;
  readonly email: string | null;
  readonly hasPicture: boolean;
  readonly busy: boolean;
  readonly error: ErrorCode | null;
  readonly onRename?: (displayName: string) => void;
  /** Absent where there is no way to choose a file. */
  readonly onPickPicture?: () => void;
  readonly onRemovePicture?: () => void;
}

export function ProfileSection(props: ProfileSectionProps) {
  const { me, email, hasPicture, busy, error, onRename, onPickPicture, onRemovePicture } = props;
  const t = useWords();
  const [name, setName] = useState(me.displayName);
  // Given on another device meanwhile.
  useEffect(() => setName(me.displayName), [me.displayName]);
  const wanted = name.trim();
  const changed = wanted !== '' && wanted !== me.displayName;
  const rename = () => {
    if (changed && !busy) onRename?.(wanted);
  };
  return (
    <Section title={t('settings.profile')} error={error}>
      <Card style={{ padding: space(4), gap: space(4) }}>
        <View style={{ flexDirection: 'row', alignItems: 'center', gap: space(4) }}>
          <Avatar id={me.id} displayName={me.displayName} size={72} ground="card" />
          <View style={{ flex: 1 }}>
            <Text variant="heading17" numberOfLines={1}>
              {me.displayName}
            </Text>
            {email === null ? null : (
              <Text variant="small" tone="quiet" numberOfLines={1}>
                {email}
              </Text>
            )}
          </View>
        </View>
        {onPickPicture === undefined ? null : (
          <View style={{ flexDirection: 'row', flexWrap: 'wrap', gap: space(2) }}>
            <Button
              compact
              kind="outline"
              icon="camera"
              label={t(hasPicture ? 'settings.changePicture' : 'settings.addPicture')}
              disabled={busy}
              onPress={onPickPicture}
            />
            {hasPicture ? (
              <Button
                compact
                kind="quiet"
                label={t('settings.removePicture')}
                disabled={busy}
                onPress={onRemovePicture}
              />
            ) : null}
          </View>
        )}
        <TextField
          label={t('settings.displayName')}
          value={name}
          onChangeText={setName}
          autoComplete="name"
          maxLength={80}
          enterKeyHint="done"
          onSubmitEditing={rename}
        />
        <Button
          compact
          kind="outline"
          label={t('settings.saveName')}
          disabled={!changed || busy}
          onPress={onRename && rename}
          style={{ alignSelf: 'flex-start' }}
        />
      </Card>
    </Section>
  );
}
