/** Something of the platform's that is on or off, and may change by itself. */
export interface Switch {
  isOn(): boolean;
  set(on: boolean): void;
  onChange(listener: () => void): () => void;
}

export interface PictureInPicture extends Switch {
  /** What the small window shows from now on; null closes it. It is the one that `set(true)` opens. */
  show(stream: object | null): void;
}

export type NoticePermission = 'granted' | 'denied' | 'prompt' | 'none';

export interface SystemNotice {
  /** One that has the same tag takes its place. */
  readonly tag: string;
  readonly title: string;
  readonly body: string;
}
