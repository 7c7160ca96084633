import type {
  ActiveCall,
  CallSummary,
  ChatSnapshot,
  ClientSnapshot,
  DeviceDesk,
  DevicesSnapshot,
  IncomingCall,
  MessageList,
  Notice,
  ParleyClient,
} from '@parley/client';
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useSyncExternalStore,
} from 'react';
import { paced } from './paced.ts';
import { type Select, selector } from './select.ts';

type Subscribe = (listener: () => void) => () => void;

const Context = createContext<{ readonly client: ParleyClient; readonly subscribe: Subscribe } | null>(null);

/** Hands the one client of the app to the hooks. */
export function ParleyProvider({ client, children }: { client: ParleyClient; children: ReactNode }) {
  const value = useMemo(() => ({ client, subscribe: paced(client) }), [client]);
  return <Context.Provider value={value}>{children}</Context.Provider>;
}

/** @throws Error outside a `ParleyProvider`: an empty state that nobody made would only hide the mistake. */
export const useParley = (): ParleyClient => useProvided().client;

function useProvided() {
  const provided = useContext(Context);
  if (!provided) throw new Error('ParleyProvider is missing above this component');
  return provided;
}

interface Source<S> {
  snapshot(): S;
  subscribe(listener: () => void): () => void;
}

/** Draws anew only when what was selected has changed (shallowly: a list of the same entries is the same). */
function useSelected<S, T>(source: Pick<Source<S>, 'snapshot'>, subscribe: Subscribe, select: (snapshot: S) => T): T {
  const selected = useRef<Select<S, T> | null>(null);
  selected.current ??= selector<S, T>();
  const choose = selected.current;
  const read = () => choose(source.snapshot(), select);
  return useSyncExternalStore(subscribe, read, read);
}

function useAll<S, T>(source: Source<S>, select: (snapshot: S) => T): T {
  const subscribe = useCallback((listener: () => void) => source.subscribe(listener), [source]);
  return useSelected(source, subscribe, select);
}

export function useClientSnapshot<T>(select: (snapshot: ClientSnapshot) => T): T {
  const { client, subscribe } = useProvided();
  return useSelected(client, subscribe, select);
}
export const useChatSnapshot = <T,>(select: (snapshot: ChatSnapshot) => T): T => useAll(useParley().chat, select);

export const useDevices = (): DeviceDesk => useParley().devices;
export const useDevicesSnapshot = <T,>(select: (snapshot: DevicesSnapshot) => T): T =>
  useAll(useParley().devices, select);

export const useActiveCall = (): ActiveCall | null => useClientSnapshot((snapshot) => snapshot.active);
export const useIncomingCalls = (): readonly IncomingCall[] => useClientSnapshot((snapshot) => snapshot.incoming);
export const useNotices = (): readonly Notice[] => useClientSnapshot((snapshot) => snapshot.notices);
export const useSummary = (callId: string): CallSummary | null =>
  useClientSnapshot((snapshot) => snapshot.summaries.find((summary) => summary.callId === callId) ?? null);
export const useChat = () => useParley().chat;

const NOTHING: MessageList = { items: [], hasOlder: false, loading: true };

/** Messages of a channel, read and kept up to date while the component is there. */
export function useChannelMessages(channelId: string): MessageList {
  const chat = useChat();
  useEffect(() => chat.openChannel(channelId), [chat, channelId]);
  return useChatSnapshot((snapshot) => snapshot.messages.get(channelId) ?? NOTHING);
}
