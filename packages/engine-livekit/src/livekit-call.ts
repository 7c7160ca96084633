import type {
  Capture,
  CapturedTrack,
  MediaConnectionState,
  MediaEndReason,
  MediaEngine,
  RemoteMedia,
} from '@parley/client';
import type { UserId } from '@parley/domain';
import type { MediaCredentials } from '@parley/protocol';

/** A call as a screen needs it to take part. */
export interface LiveKitSession {
  readonly selfId: UserId;
  /** Of the media server, `wss://…`. */
  readonly url: string;
  readonly roomName: string;
}

export interface LiveKitCallState {
  readonly isConnected: boolean;
  readonly connection: MediaConnectionState;
  readonly isMuted: boolean;
  readonly videoEnabled: boolean;
  /** The others who are there. */
  readonly remoteUids: readonly UserId[];
  readonly remote: readonly RemoteMedia[];
  readonly speakers: readonly UserId[];
  /** Why it is over, where it did not end by `leave`. */
  readonly ended: MediaEndReason | null;
}

const NOBODY: LiveKitCallState = {
  isConnected: false,
  connection: 'idle',
  isMuted: false,
  videoEnabled: false,
  remoteUids: [],
  remote: [],
  speakers: [],
  ended: null,
};

/** A call of its own for a screen that has no `ParleyClient` around it: one engine, one microphone, one camera. */
export class LiveKitCall {
  readonly #make: () => MediaEngine;
  readonly #capture: Capture;
  readonly #listeners = new Set<() => void>();
  #engine: MediaEngine | null = null;
  #microphone: CapturedTrack | null = null;
  #camera: CapturedTrack | null = null;
  #state = NOBODY;

  constructor(make: () => MediaEngine, capture: Capture) {
    this.#make = make;
    this.#capture = capture;
  }

  readonly snapshot = (): LiveKitCallState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  get engine(): MediaEngine | null {
    return this.#engine;
  }

  /** @throws CaptureError where there is no microphone to be had */
  async join({ selfId, url, roomName }: LiveKitSession, token: string): Promise<void> {
    if (this.#engine) return;
    const engine = this.#make();
    this.#engine = engine;
    engine.on('state', (connection) => this.#put({ connection, isConnected: connection === 'connected' }));
    engine.on('remote', (remote) => this.#put({ remote, remoteUids: remote.map(({ userId }) => userId) }));
    engine.on('speakers', (speakers) => this.#put({ speakers }));
    engine.on('ended', (ended) => this.#put({ ended }));
    engine.on('silenced', (source) => {
      if (source === 'microphone') this.#mute(true);
    });
    const credentials: MediaCredentials = {
      engine: 'livekit',
      url,
      token,
      roomName,
      uid: selfId,
      // Whoever gave the token renews it, by `engine.renew`.
      expiresAt: new Date(Date.now() + 600_000).toISOString(),
      iceServers: [],
      relayOnly: false,
    };
    await engine.connect({ selfId, credentials, epoch: 1 });
    const track = await this.#capture.open('microphone', null);
    // Left while the question was open.
    if (this.#engine !== engine) {
      track.stop();
      return;
    }
    this.#microphone = track;
    track.enabled = !this.#state.isMuted;
    await engine.attach('microphone', track);
  }

  readonly leave = async (): Promise<void> => {
    const engine = this.#engine;
    this.#engine = null;
    this.#microphone?.stop();
    this.#camera?.stop();
    this.#microphone = null;
    this.#camera = null;
    await engine?.close();
    this.#state = NOBODY;
    this.#tell();
  };

  readonly toggleMute = (): void => this.#mute(!this.#state.isMuted);

  readonly toggleVideo = async (): Promise<void> => {
    const engine = this.#engine;
    if (!engine) return;
    if (this.#camera) {
      this.#camera.stop();
      this.#camera = null;
      this.#put({ videoEnabled: false });
      return engine.attach('camera', null);
    }
    const track = await this.#capture.open('camera', null);
    if (this.#engine !== engine) {
      track.stop();
      return;
    }
    this.#camera = track;
    this.#put({ videoEnabled: true });
    await engine.attach('camera', track);
  };

  #mute(isMuted: boolean): void {
    if (this.#microphone) this.#microphone.enabled = !isMuted;
    this.#engine?.setMuted('microphone', isMuted);
    this.#put({ isMuted });
  }

  #put(change: Partial<LiveKitCallState>): void {
    this.#state = { ...this.#state, ...change };
    this.#tell();
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
