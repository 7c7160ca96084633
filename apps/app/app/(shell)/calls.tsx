import { useClientSnapshot } from '@parley/react';
import { useState } from 'react';
import { Calls } from '../../src/screens/Calls';
import type { CallFilter } from '../../src/screens/snapshots';
import { useHistory } from '../../src/wiring/history';
import { useGo } from '../../src/wiring/navigation';
import { useTeam } from '../../src/wiring/people';
import { useMe } from '../../src/wiring/session';
import { useCallPerson } from '../../src/wiring/useCalling';
import { useNow } from '../../src/wiring/useNow';
import { useSeenCalls } from '../../src/wiring/useSeenCalls';

export default function CallsRoute() {
  const go = useGo();
  const [filter, setFilter] = useState<CallFilter>('all');
  // Whoever looks at the list has seen what was missed.
  const fresh = useSeenCalls(null);
  const ended = useClientSnapshot((snapshot) => snapshot.summaries);
  const connection = useClientSnapshot((snapshot) => snapshot.connection);
  const history = useHistory(useTeam()?.id ?? null, useMe()?.id ?? '', [ended, connection, fresh], filter);
  const call = useCallPerson();
  const now = useNow();
  return (
    <Calls
      snapshot={{
        filter,
        calls: history.calls?.map((item) => (fresh.has(item.id) ? { ...item, unread: true } : item)) ?? null,
        hasMore: history.hasMore,
        error: history.error,
        connection,
        now,
      }}
      onFilter={setFilter}
      onBack={go.back}
      onNavigate={go.to}
      onMore={history.more}
      onRetry={history.retry}
      {...(call ? { onCallBack: (item) => call(item.with.id, item.kind) } : {})}
    />
  );
}
