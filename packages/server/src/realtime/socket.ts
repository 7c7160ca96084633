/** A WebSocket as the hub sees it; whoever serves HTTP brings it. */
export interface SocketLike {
  send(text: string): void;
  close(code: number, reason: string): void;
  /** Bytes that wait to be sent. */
  readonly bufferedAmount: number;
  /** Where it comes from, if that is known. */
  readonly address?: string;
}

/** What the hub wants to be told about a socket. */
export interface SocketHandle {
  /** `text` is null for a frame that is not text; `bytes` is the size of the frame. */
  message(text: string | null, bytes: number): void;
  /** The socket is closed, whoever closed it. */
  closed(): void;
}
