import { type ComponentType, useEffect, useSyncExternalStore } from 'react';
import { Platform, View } from 'react-native';
import { Button } from '../ui/Button';
import { EmptyState, LoadingState } from '../ui/States';
import { useWords } from '../words/words';
import { Part } from './part';

const world = {
  setTimeout: (run: () => void, ms: number) => setTimeout(run, ms),
  clearTimeout: (handle: unknown) => clearTimeout(handle as Parameters<typeof clearTimeout>[0]),
  onOnline(listener: () => void) {
    if (Platform.OS !== 'web') return () => undefined;
    globalThis.addEventListener('online', listener);
    return () => globalThis.removeEventListener('online', listener);
  },
};

export const part = <T,>(load: () => Promise<T>): Part<T> => new Part(load, world);

interface Piece<T> {
  readonly of: Part<T>;
  readonly pick: (content: T) => ComponentType;
}

function usePart<T>({ onChange, content, fetch }: Part<T>): T | null {
  useEffect(fetch, [fetch]);
  return useSyncExternalStore(onChange, content, content);
}

function Page<T>({ of, pick }: Piece<T>) {
  const content = usePart(of);
  if (content === null) return <Missing of={of} />;
  const Content = pick(content);
  return <Content />;
}

function Beside<T>({ of, pick }: Piece<T>) {
  const content = usePart(of);
  if (content === null) return null;
  const Content = pick(content);
  return <Content />;
}

/** A page of a part: drawn at once where the part is here, else as soon as it is. */
export const pageOf =
  <T,>(of: Part<T>, pick: Piece<T>['pick']): ComponentType =>
  () => <Page of={of} pick={pick} />;

/** What accompanies the pages and is no page: nothing of it is to be seen before it is here. */
export const besideOf =
  <T,>(of: Part<T>, pick: Piece<T>['pick']): ComponentType =>
  () => <Beside of={of} pick={pick} />;

function Missing({ of }: { readonly of: Part<unknown> }) {
  const state = useSyncExternalStore(of.onChange, of.state, of.state);
  return state === 'failed' ? <Failed onAgain={of.again} /> : <LoadingState />;
}

/** The attempts go on by themselves. A page of yesterday's server names code that is gone: only a new page helps there. */
function Failed({ onAgain }: { readonly onAgain: () => void }) {
  const t = useWords();
  return (
    <View role="alert" style={{ flex: 1 }}>
      <EmptyState icon="offline" tone="stop" title={t('loading.failedTitle')} text={t('loading.failedText')}>
        <View style={{ gap: 12 }}>
          <Button kind="outline" icon="refresh" label={t('states.tryAgain')} onPress={onAgain} />
          {Platform.OS === 'web' ? (
            <Button kind="outline" label={t('loading.reload')} onPress={() => globalThis.location.reload()} />
          ) : null}
        </View>
      </EmptyState>
    </View>
  );
}
