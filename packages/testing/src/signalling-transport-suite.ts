import type { SignallingTransport, TransportState } from '@parley/client';
import type { ClientMessage, ServerMessage } from '@parley/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

/** A transport and the server at its other end. */
export interface TransportBench {
  readonly transport: SignallingTransport;
  /** The server takes the next connection and says its welcome. */
  letIn(): Promise<void>;
  /** The network breaks the connection that is open. */
  cut(): Promise<void>;
  say(message: ServerMessage): void;
  /** What the server has received, hello excluded. */
  received(): readonly ClientMessage[];
  until(condition: () => boolean, what: string): Promise<void>;
  dispose(): Promise<void>;
}

/** What every SignallingTransport promises. */
export function registerSignallingTransportSuite(name: string, makeBench: () => Promise<TransportBench>): void {
  describe(`SignallingTransport: ${name}`, () => {
    let bench: TransportBench;
    let states: TransportState[];
    let heard: ServerMessage[];

    beforeEach(async () => {
      bench = await makeBench();
      states = [];
      heard = [];
      bench.transport.onState((state) => states.push(state));
      bench.transport.onMessage((message) => heard.push(message));
    });
    afterEach(async () => {
      bench.transport.stop();
      await bench.dispose();
    });

    const goOnline = async () => {
      bench.transport.start();
      await bench.letIn();
      await bench.until(() => bench.transport.state === 'online', 'online');
    };

    it('T1 is offline, connects when started, and is online once the server has said welcome', async () => {
      expect(bench.transport.state).toBe('offline');
      await goOnline();
      expect(states).toEqual(['connecting', 'online']);
      expect(heard[0]?.t).toBe('welcome');
    });

    it('T2 says of a message that was not sent that it was not', async () => {
      expect(bench.transport.send({ t: 'pong', n: 1 })).toBe(false);
      await goOnline();
      expect(bench.transport.send({ t: 'pong', n: 2 })).toBe(true);
      await bench.until(() => bench.received().some((message) => message.t === 'pong'), 'the message at the server');
      expect(bench.received()).not.toContainEqual({ t: 'pong', n: 1 });
    });

    it('T3 lets whoever handles the welcome answer it at once', async () => {
      const sent: boolean[] = [];
      bench.transport.onMessage((message) => {
        if (message.t === 'welcome') sent.push(bench.transport.send({ t: 'pong', n: 7 }));
      });
      await goOnline();
      expect(sent).toEqual([true]);
    });

    it('T4 hands on messages in their order', async () => {
      await goOnline();
      for (const ref of ['1', '2', '3']) {
        bench.say({ t: 'subscribed', topic: `team:00000000-0000-4000-8000-00000000000${ref}` });
      }
      await bench.until(() => heard.length === 4, 'all messages');
      expect(heard.slice(1).map((message) => message.t === 'subscribed' && message.topic.at(-1))).toEqual([
        '1',
        '2',
        '3',
      ]);
    });

    it('T5 comes back by itself when the connection breaks', async () => {
      await goOnline();
      await bench.cut();
      await bench.until(() => bench.transport.state !== 'online', 'not online');
      bench.transport.nudge();
      await bench.letIn();
      await bench.until(() => bench.transport.state === 'online', 'online again');
      expect(heard.filter((message) => message.t === 'welcome')).toHaveLength(2);
    });

    it('T6 is quiet after stop, and can be started again', async () => {
      await goOnline();
      bench.transport.stop();
      expect(bench.transport.state).toBe('offline');
      expect(bench.transport.send({ t: 'pong', n: 3 })).toBe(false);
      await goOnline();
      expect(bench.transport.state).toBe('online');
    });

    it('T7 does not speak to a listener that has gone', async () => {
      const gone: ServerMessage[] = [];
      bench.transport.onMessage((message) => gone.push(message))();
      await goOnline();
      expect(gone).toEqual([]);
    });
  });
}
