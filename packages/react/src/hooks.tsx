import type {
  ActiveCall,
  CallSummary,
  ChatSnapshot,
  ClientSnapshot,
  IncomingCall,
  MessageList,
  Notice,
  ParleyClient,
} from '@parley/client';
import { createContext, type ReactNode, useContext, useEffect, useRef, useSyncExternalStore } from 'react';

const Context = createContext<ParleyClient | null>(null);

/** Hands the one client of the app to the hooks. */
export function ParleyProvider({ client, children }: { client: ParleyClient; children: ReactNode }) {
  return <Context.Provider value={client}>{children}</Context.Provider>;
}

/** @throws Error outside a `ParleyProvider`: an empty state that nobody made would only hide the mistake. */
export function useParley(): ParleyClient {
  const client = useContext(Context);
  if (!client) throw new Error('ParleyProvider is missing above this component');
  return client;
}

interface Source<S> {
  snapshot(): S;
  subscribe(listener: () => void): () => void;
}

/** Draws anew only when what was selected has changed (shallowly: a list of the same entries is the same). */
function useSelected<S, T>(source: Source<S>, select: (snapshot: S) => T): T {
  const last = useRef<{ readonly snapshot: S; readonly select: unknown; readonly value: T } | null>(null);
  const read = () => {
    const snapshot = source.snapshot();
    const known = last.current;
    if (known && known.snapshot === snapshot && known.select === select) return known.value;
    const selected = select(snapshot);
    const value = known && shallowEqual(known.value, selected) ? known.value : selected;
    last.current = { snapshot, select, value };
    return value;
  };
  return useSyncExternalStore((listener) => source.subscribe(listener), read, read);
}

export const useClientSnapshot = <T,>(select: (snapshot: ClientSnapshot) => T): T => useSelected(useParley(), select);
export const useChatSnapshot = <T,>(select: (snapshot: ChatSnapshot) => T): T => useSelected(useParley().chat, select);

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

function shallowEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b) || !isPlain(a) || !isPlain(b)) return false;
  const keys = Object.keys(a);
  const other = b as Record<string, unknown>;
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.is((a as Record<string, unknown>)[key], other[key]))
  );
}

/** Maps and sets have no keys to compare: of these only the very same is the same. */
const isPlain = (value: object): boolean => Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
