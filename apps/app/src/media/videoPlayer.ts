import { motion, stage } from '../theme/tokens';
import { Crossing, type Layer } from './crossing';
import { Shelf, type Shelved } from './shelf';
import type { VideoViewProps } from './types';

/** How a picture lies in its box. */
type PictureLook = Required<Pick<VideoViewProps, 'mirror' | 'muted' | 'fit'>>;
/** Attributes by which whoever looks at the page finds it. */
type PictureNames = Readonly<Record<'participant', string> & Partial<Record<'source', string>>>;

/** Beyond this ratio between the picture's and the box's proportions, filling would cut away more than a third. */
const MOST_CUT = 1.6;
/** A page that is not in sight draws nothing: then a frame that has come counts. Milliseconds. */
const DRAWN_WITHIN_MS = 250;
const FILLS = 'position:absolute;inset:0;width:100%;height:100%;pointer-events:none';
/** A picture that is not laid out gets no frames in some browsers. */
const PARKED = 'position:fixed;width:2px;height:2px;bottom:0;right:0;opacity:0;pointer-events:none';

const keepsWhole = (video: HTMLVideoElement): boolean => {
  if (video.videoWidth === 0 || video.clientHeight === 0) return false;
  const picture = video.videoWidth / video.videoHeight;
  const box = video.clientWidth / video.clientHeight;
  return Math.max(picture / box, box / picture) > MOST_CUT;
};

/** The picture of one person or screen, on whatever screen of the app it is at the moment. */
export class VideoPlayer implements Shelved {
  readonly #root = document.createElement('div');
  readonly #layers = new Set<VideoLayer>();
  readonly #crossing: Crossing<MediaStream>;
  readonly #observer = new ResizeObserver(() => this.#lay());
  #parked = false;
  #look: PictureLook = { mirror: false, muted: true, fit: 'auto' };

  constructor(names: PictureNames) {
    this.#observer.observe(this.#root);
    this.#crossing = new Crossing((stream, fresh) => {
      const layer = new VideoLayer(this.#root, stream, {
        changed: () => this.#lay(),
        removed: () => this.#layers.delete(layer),
        names,
        fresh,
      });
      this.#layers.add(layer);
      this.#lay();
      return layer;
    });
  }

  moveTo(host: HTMLElement): void {
    this.#parked = false;
    this.#root.style.cssText = FILLS;
    host.append(this.#root);
    for (const layer of this.#layers) layer.play();
    this.#lay();
  }

  look(look: PictureLook): void {
    this.#look = look;
    this.#lay();
  }

  show(stream: MediaStream | null): void {
    this.#crossing.show(stream);
  }

  /** Moved within the page it plays on; taken out of it, it would stop (HTML standard, 4.8.11.8). */
  park(): void {
    this.#parked = true;
    this.#root.style.cssText = PARKED;
    document.body.append(this.#root);
    this.#lay();
  }

  dispose(): void {
    this.#crossing.show(null);
    this.#observer.disconnect();
    this.#root.remove();
  }

  #lay(): void {
    for (const layer of this.#layers) layer.lay(this.#look, !this.#parked);
  }
}

interface LayerOptions {
  readonly names: PictureNames;
  /** Nothing else is seen. */
  readonly fresh: boolean;
  /** It has got its size, or another one, or is seen now. */
  changed(): void;
  removed(): void;
}

class VideoLayer implements Layer<MediaStream> {
  readonly stream: MediaStream;
  readonly #video = document.createElement('video');
  readonly #options: LayerOptions;
  /** Two of one name would be two people to whoever looks for them: only the one that is seen has it. */
  #counts: boolean;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(root: HTMLElement, stream: MediaStream, options: LayerOptions) {
    this.stream = stream;
    this.#options = options;
    this.#counts = options.fresh;
    const video = this.#video;
    video.autoplay = true;
    video.playsInline = true;
    video.muted = true;
    video.disablePictureInPicture = true;
    video.tabIndex = -1;
    video.setAttribute('aria-hidden', 'true');
    video.addEventListener('resize', options.changed);
    video.addEventListener('loadedmetadata', options.changed);
    video.style.opacity = options.fresh ? '0' : '1';
    // Under whatever is seen: covered, and drawn.
    root.prepend(video);
    video.srcObject = stream;
    this.play();
  }

  /** A refusal to play is no error here: a mute picture starts by `autoplay` as soon as the page may show it. */
  play(): void {
    if (this.#video.paused) this.#video.play().catch(() => undefined);
  }

  lay({ mirror, muted, fit }: PictureLook, inSight: boolean): void {
    const video = this.#video;
    const whole = fit === 'contain' || (fit === 'auto' && keepsWhole(video));
    video.muted = muted;
    const { opacity } = video.style;
    video.style.cssText = `${FILLS};object-fit:${whole ? 'contain' : 'cover'};opacity:${opacity};${
      // Shown whole it does not fill the tile: the face beneath would look out from behind it.
      whole && fit === 'auto' ? `background-color:${stage.tile};` : ''
    }${mirror ? 'transform:scaleX(-1);' : ''}transition:opacity ${motion.fadeIn}ms ease-out`;
    for (const [name, value] of Object.entries(this.#options.names)) {
      if (this.#counts && inSight) video.dataset[name] = value;
      else delete video.dataset[name];
    }
  }

  onFrame(fresh: boolean, listener: () => void): void {
    const video = this.#video;
    const tells = 'requestVideoFrameCallback' in video;
    if (tells && !fresh) video.requestVideoFrameCallback(listener);
    const come = () => {
      if (fresh || !tells) listener();
      else this.#timer = setTimeout(listener, DRAWN_WITHIN_MS);
    };
    video.addEventListener('loadeddata', come, { once: true });
  }

  show(): void {
    clearTimeout(this.#timer);
    this.#counts = true;
    this.#video.style.opacity = '1';
    this.#options.changed();
  }

  remove(): void {
    clearTimeout(this.#timer);
    this.#video.srcObject = null;
    this.#video.remove();
    this.#options.removed();
  }
}

export const players = new Shelf<VideoPlayer>({
  setTimeout: (run, ms) => setTimeout(run, ms),
  clearTimeout: (handle) => clearTimeout(handle as ReturnType<typeof setTimeout>),
});
