import type { MediaEngineName, UserId } from '@parley/domain';
import type { MediaCredentials } from '@parley/protocol';
import type { ParleyApi } from '../api/parley-api.ts';
import type { CallPreparation } from './call-preparation.ts';
import type { GivenCredentials } from './given-credentials.ts';

export interface CredentialSources {
  readonly api: Pick<ParleyApi, 'credentials'>;
  readonly preparation: Pick<CallPreparation, 'keep' | 'credentials'>;
  readonly given: Pick<GivenCredentials, 'take'>;
}

/** Where the credentials of a call come from: what was prepared for it, what came with the seat, or the server's answer. */
export class CallCredentials {
  readonly #sources: CredentialSources;
  /** While a call is placed from here: who places it, and how to let go of what was prepared for it. */
  #placed: { readonly by: UserId; letGo(): void } | null = null;
  #newest: { readonly callId: string; readonly epoch: number; readonly value: Promise<MediaCredentials> } | null = null;

  constructor(sources: CredentialSources) {
    this.#sources = sources;
  }

  /** A call is placed from here: it begins with what was prepared. */
  place(by: UserId): void {
    this.#placed = { by, letGo: this.#sources.preparation.keep() };
  }

  /** Asked for as early as the call has an id, so that the accept does not wait for it. */
  prefetch(callId: string, epoch: number): Promise<MediaCredentials> {
    const newest = this.#newest;
    if (newest?.callId === callId && newest.epoch === epoch) return newest.value;
    const prepared = this.#placed && this.#sources.preparation.credentials(this.#placed.by);
    if (prepared === null) return this.#fetch(callId, epoch);
    const value = Promise.resolve(prepared);
    this.#newest = { callId, epoch, value };
    return value;
  }

  /** @param ahead it is connected before anybody has answered */
  of(engine: MediaEngineName, callId: string, epoch: number, ahead: boolean) {
    return (fresh: boolean): Promise<MediaCredentials> => {
      // A token says what its holder may do when it is given: one from before the accept is good for nothing after it.
      if (engine !== 'p2p') return this.#granted(callId, epoch);
      return fresh ? this.#fetch(callId, epoch) : this.#known(callId, epoch, ahead);
    };
  }

  /** What is known is of no use any more. */
  forget(): void {
    this.#newest = null;
  }

  /** The call is over. */
  reset(): void {
    this.#placed?.letGo();
    this.#placed = null;
    this.#newest = null;
  }

  /** Those of before the accept may hide somebody until they answer, where there may be no relay: who sits there asks again. */
  async #known(callId: string, epoch: number, ahead: boolean): Promise<MediaCredentials> {
    const known = await this.prefetch(callId, epoch);
    return known.relayOnly && !ahead ? this.#fetch(callId, epoch) : known;
  }

  /** What the server gave along with the seat, where it did. */
  async #granted(callId: string, epoch: number): Promise<MediaCredentials> {
    return (await this.#sources.given.take(callId, epoch)) ?? this.#fetch(callId, epoch);
  }

  #fetch(callId: string, epoch: number): Promise<MediaCredentials> {
    const value = this.#sources.api.credentials(callId);
    const entry = { callId, epoch, value };
    this.#newest = entry;
    value.catch(() => {
      if (this.#newest === entry) this.#newest = null;
    });
    return value;
  }
}
