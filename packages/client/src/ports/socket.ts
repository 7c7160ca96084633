/** A socket of text frames, as the WebSocket transport uses it: no platform's event types. */
export interface Socket {
  send(text: string): void;
  close(code?: number, reason?: string): void;
}

export interface SocketHandlers {
  open(): void;
  message(text: string): void;
  /** Called once, also when it could not be opened (then the code is 1006). */
  closed(code: number): void;
}

export type SocketConnector = (url: string, handlers: SocketHandlers) => Socket;

/** By the platform's own `WebSocket` (browsers, React Native, Node). */
export function webSocketConnector(WebSocketClass: new (url: string) => WebSocket): SocketConnector {
  return (url, handlers) => {
    const socket = new WebSocketClass(url);
    socket.onopen = () => handlers.open();
    socket.onmessage = (event: { data: unknown }) => {
      if (typeof event.data === 'string') handlers.message(event.data);
    };
    socket.onclose = (event: { code: number }) => handlers.closed(event.code);
    return socket;
  };
}
