/** A text for one channel. */
export interface Parcel {
  readonly channel: string;
  readonly text: string;
}

/** One way by which texts get from process to process. */
export interface FanoutPath {
  /** In the order given. Rejects where it cannot be known that they are on their way: they may arrive all the same. */
  send(parcels: readonly Parcel[]): Promise<void>;
  /**
   * From now on what comes in on these channels is handed on, and whether that can be relied upon. Connects by itself, and again
   * whenever it has to.
   */
  open(channels: readonly string[], on: FanoutPathListener): void;
  close(): Promise<void>;
}

export interface FanoutPathListener {
  text(text: string): void;
  /**
   * Down until it says otherwise. A way that is left for another one as soon as it has not taken something is down by then, and says
   * so, so that it is told too when it is well again.
   */
  state(up: boolean): void;
}
