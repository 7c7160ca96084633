import type { PeerConnection } from './peer-connection.ts';

/** Both sides open it by themselves: it needs no message of its own, and is there as soon as DTLS is done. */
const CHANNEL_ID = 0;
const ANSWERED = JSON.stringify({ v: 1, kind: 'answered' });

/**
 * The accept, said over the connection that was made while it rang: it comes by the shortest way, and before the word of the
 * server, which decides. Whatever else arrives here is not listened to.
 */
export class AcceptChannel {
  readonly #channel: ReturnType<PeerConnection['createDataChannel']>;
  #wanted = false;
  #said = false;

  constructor(connection: PeerConnection, heard: () => void) {
    this.#channel = connection.createDataChannel('parley', { negotiated: true, id: CHANNEL_ID });
    this.#channel.addEventListener('open', () => this.#send());
    this.#channel.addEventListener('message', ({ data }) => {
      if (data === ANSWERED) heard();
    });
  }

  /** Once, and as soon as it can be. */
  say(): void {
    this.#wanted = true;
    this.#send();
  }

  #send(): void {
    if (!this.#wanted || this.#said || this.#channel.readyState !== 'open') return;
    this.#said = true;
    this.#channel.send(ANSWERED);
  }
}
