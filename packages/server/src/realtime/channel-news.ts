import { isGroupType } from '@parley/domain';
import type { CallView, ChannelCall } from '@parley/protocol';
import { channelCallOf } from '../store/channel-call.ts';

/** What the readers of channels were told of the calls there: a microphone that is turned on is no news to a thousand of them. */
export class ChannelNews {
  readonly #told = new Map<string, string>();
  /** Which call was told of last in each channel. */
  readonly #running = new Map<string, string>();

  /** What is to be told in a channel; undefined where it was told already, or where there is no channel. */
  of(view: CallView): { readonly channelId: string; readonly call: ChannelCall | null } | undefined {
    const { id, channelId, callType } = view.call;
    const call = channelId !== null && isGroupType(callType) ? channelCallOf(view) : null;
    const before = this.#told.get(id);
    if (call === null) this.#told.delete(id);
    if (channelId === null || !isGroupType(callType)) return undefined;
    const running = this.#running.get(channelId);
    if (call === null) {
      // An end may be told again when another call runs there.
      if (running !== undefined && running !== id) return undefined;
      this.#running.delete(channelId);
    } else {
      this.#running.set(channelId, id);
      // Its number alone is no news.
      const now = JSON.stringify({ ...call, version: 0 });
      if (before === now) return undefined;
      this.#told.set(id, now);
    }
    return { channelId, call };
  }
}
