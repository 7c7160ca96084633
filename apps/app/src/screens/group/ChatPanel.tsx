import { useWords } from '../../words/words';
import { Composer } from '../Composer';
import { MessageList } from '../MessageList';
import type { MessageItem } from '../snapshots';
import { SidePanel } from './SidePanel';

export interface ChatPanelProps {
  readonly messages: readonly MessageItem[];
  readonly onSend: ((text: string) => void) | undefined;
  readonly onClose: () => void;
}

/** Words among the people of this call; they end with it. */
export function ChatPanel({ messages, onSend, onClose }: ChatPanelProps) {
  const t = useWords();
  return (
    <SidePanel title={t('group.chat')} onClose={onClose}>
      <MessageList
        messages={messages}
        beginning={t('group.chatBeginning')}
        hasOlder={false}
        loadingOlder={false}
        now={Date.now()}
      />
      <Composer placeholder={t('group.chatPlaceholder')} onSend={onSend} />
    </SidePanel>
  );
}
