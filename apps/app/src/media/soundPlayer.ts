/** One way out of a sound: an element of the page. Volume from 0 to 1. */
export interface Voice<S> {
  /** Before it plays. @returns false where the browser does not send it there */
  sendTo(output: string | null): Promise<boolean>;
  /** `blocked`: the browser wants a gesture first; `passed`: something else came in between. */
  play(sound: S): Promise<Played>;
  setVolume(volume: number): void;
  stop(): void;
}

export type Played = 'playing' | 'blocked' | 'passed';

interface SoundWorld<S> {
  voice(): Voice<S>;
  wait(ms: number): Promise<void>;
  blocked(): void;
  playing(): void;
  outputRefused(): void;
}

interface Heard<S> {
  readonly voice: Voice<S>;
  readonly sound: S;
  readonly output: string | null;
}

/** Long enough not to click, and too short for an echo. */
const STEPS = 4;
const STEP_MS = 10;

/** Plays one person. Another sound of theirs is heard before the first one goes: in between there is no hole. */
export class SoundPlayer<S> {
  readonly #world: SoundWorld<S>;
  #heard: Heard<S> | null = null;
  #coming: Heard<S> | null = null;
  readonly #going = new Set<Voice<S>>();

  constructor(world: SoundWorld<S>) {
    this.#world = world;
  }

  async show(sound: S | null, output: string | null): Promise<void> {
    const isThat = (one: Heard<S> | null) => one?.sound === sound && one?.output === output;
    if (isThat(this.#coming)) return;
    this.#coming?.voice.stop();
    this.#coming = null;
    if (isThat(this.#heard)) return;
    // Chromium (156) would let the new one share the way out of the one that still plays.
    if (sound === null || this.#heard?.output !== output) this.#end();
    if (sound === null) return;
    const voice = this.#world.voice();
    const coming = { voice, sound, output };
    this.#coming = coming;
    // Before it plays: nothing shall be heard through another device for a moment. And Chromium forgets a device that is set while
    // the element gets or has a stream of a call: it says that it plays there, and plays where it did.
    const sent = await voice.sendTo(output);
    if (this.#coming !== coming) return;
    if (!sent) this.#world.outputRefused();
    voice.setVolume(this.#heard === null ? 1 : 0);
    const played = await voice.play(sound);
    if (this.#coming !== coming) return;
    const before = this.#heard;
    this.#coming = null;
    this.#heard = coming;
    this.#tell(played);
    if (before !== null) await this.#crossOver(before.voice, voice);
  }

  /** By a gesture: what was blocked may play now. */
  async retry(): Promise<void> {
    const { voice, sound } = this.#heard ?? this.#coming ?? {};
    if (voice !== undefined && sound !== undefined) this.#tell(await voice.play(sound));
  }

  stop(): void {
    this.#coming?.voice.stop();
    this.#coming = null;
    this.#end();
  }

  #end(): void {
    this.#heard?.voice.stop();
    this.#heard = null;
    for (const voice of this.#going) voice.stop();
    this.#going.clear();
  }

  async #crossOver(before: Voice<S>, voice: Voice<S>): Promise<void> {
    this.#going.add(before);
    for (let step = 1; step <= STEPS; step += 1) {
      voice.setVolume(step / STEPS);
      before.setVolume(1 - step / STEPS);
      await this.#world.wait(STEP_MS);
    }
    before.stop();
    this.#going.delete(before);
  }

  #tell(played: Played): void {
    if (played === 'playing') this.#world.playing();
    if (played === 'blocked') this.#world.blocked();
  }
}
