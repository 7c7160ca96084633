import type { EngineCapabilities, EngineContext, MediaConnectionState, MediaEngine, MediaTrack } from '@parley/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

/** Two engines in one call, and hands on what lies between them. */
export interface EnginePair {
  readonly a: EngineSide;
  readonly b: EngineSide;
  track(kind: 'audio' | 'video'): MediaTrack & { readonly stopped: boolean };
  breakPath(): void;
  mendPath(): void;
  /** The other page was reloaded: its engine goes without a word, and a new one takes the same seat. */
  reloadB(): EngineSide;
  /** Waits (by a clock turned by hand, where there is one) until the condition holds. */
  until(condition: () => boolean, what: string): Promise<void>;
  dispose(): Promise<void>;
}

export interface EngineSide {
  readonly engine: MediaEngine;
  readonly context: EngineContext;
}

/** What every MediaEngine promises. An engine that cannot do something declares it, and is held to the declaration. */
export function registerMediaEngineSuite(
  name: string,
  makePair: () => Promise<EnginePair>,
  capabilities: EngineCapabilities,
): void {
  describe(`MediaEngine: ${name}`, () => {
    let pair: EnginePair;
    let states: MediaConnectionState[];
    const flowing: string[] = [];

    beforeEach(async () => {
      pair = await makePair();
      states = [];
      flowing.length = 0;
      pair.a.engine.on('state', (state) => states.push(state));
      pair.a.engine.on('flowing', (userId) => flowing.push(userId));
    });
    afterEach(() => pair.dispose());

    const connectBoth = async () => {
      await Promise.all([pair.a.engine.connect(pair.a.context), pair.b.engine.connect(pair.b.context)]);
      await pair.until(() => states.at(-1) === 'connected', 'connected');
    };
    const attachBoth = async () => {
      for (const { engine } of [pair.a, pair.b]) {
        await engine.attach('microphone', pair.track('audio'));
        await engine.attach('camera', pair.track('video'));
      }
    };

    it('M1 declares what it can do', () => {
      expect(pair.a.engine.capabilities).toEqual(capabilities);
    });

    it('M2 goes from connecting to connected, and says each state once', async () => {
      await attachBoth();
      await connectBoth();
      expect(states).toEqual(['connecting', 'connected']);
    });

    it('M3 says that media flows, of the other person', async () => {
      await attachBoth();
      await connectBoth();
      await pair.until(() => flowing.length > 0, 'flowing');
      expect(flowing[0]).toBe(pair.b.context.selfId);
    });

    it('M4 connects and flows though neither side has a device', async () => {
      await connectBoth();
      await pair.until(() => flowing.length > 0, 'flowing');
    });

    it('M5 gives each remote person one stream, and keeps it while tracks come and go', async () => {
      const streams: unknown[] = [];
      pair.a.engine.on('remote', (remote) => {
        const stream = remote[0]?.stream;
        if (stream) streams.push(stream);
        expect(remote.length).toBeLessThanOrEqual(1);
      });
      await attachBoth();
      await connectBoth();
      await pair.until(() => streams.length > 0, 'a remote stream');
      await pair.b.engine.attach('camera', null);
      await pair.b.engine.attach('camera', pair.track('video'));
      expect(new Set(streams).size).toBe(1);
    });

    it('M6 takes tracks before and after it connects, and does not fall out of the call when they change', async () => {
      await pair.a.engine.attach('microphone', pair.track('audio'));
      await connectBoth();
      await pair.a.engine.attach('camera', pair.track('video'));
      await pair.a.engine.attach('microphone', null);
      expect(states).toEqual(['connecting', 'connected']);
    });

    it('M7 says reconnecting while the path is broken, and connected when it is mended', async () => {
      await attachBoth();
      await connectBoth();
      pair.breakPath();
      await pair.until(() => states.at(-1) === 'reconnecting', 'reconnecting');
      pair.mendPath();
      await pair.until(() => states.at(-1) === 'connected', 'connected again');
    });

    it('M8 meets the other side again after its reload', async () => {
      await attachBoth();
      await connectBoth();
      const again = pair.reloadB();
      const flowed: string[] = [];
      again.engine.on('flowing', (userId) => flowed.push(userId));
      await again.engine.connect(again.context);
      await again.engine.attach('microphone', pair.track('audio'));
      await pair.until(() => flowed.length > 0 && states.at(-1) === 'connected', 'connected after the reload');
    });

    it('M9 survives a change of the network', async () => {
      await attachBoth();
      await connectBoth();
      pair.a.engine.networkChanged();
      pair.b.engine.networkChanged();
      await pair.until(() => states.at(-1) === 'connected', 'still connected');
      expect(states).not.toContain('failed');
    });

    it('M10 refuses what it has declared that it cannot do', async () => {
      if (!capabilities.videoQuality) {
        await expect(pair.a.engine.setVideoQuality(pair.b.context.selfId, 'low')).rejects.toMatchObject({
          code: 'unsupported',
        });
      } else await pair.a.engine.setVideoQuality(pair.b.context.selfId, 'low');
      const share = pair.a.engine.attach('screen', pair.track('video'));
      if (!capabilities.screenShare) await expect(share).rejects.toMatchObject({ code: 'unsupported' });
      else await share;
    });

    it.runIf(capabilities.screenShare)(
      'M17 shows a shared screen in a stream of its own, as long as it is shared',
      async () => {
        let seen: { stream: unknown; screen: { getTracks(): readonly unknown[] } | null } | undefined;
        pair.a.engine.on('remote', (remote) => {
          seen = remote[0];
        });
        await attachBoth();
        await connectBoth();
        await pair.until(() => seen?.stream != null, 'a remote stream');
        const { stream } = seen ?? {};
        expect(seen?.screen ?? null).toBeNull();
        for (let turn = 0; turn < 2; turn += 1) {
          const screen = pair.track('video');
          await pair.b.engine.attach('screen', screen);
          await pair.b.engine.attach('screen_audio', pair.track('audio'));
          await pair.until(() => seen?.screen?.getTracks().length === 2, 'a screen with its sound');
          expect(seen?.stream).toBe(stream);
          await pair.b.engine.attach('screen', null);
          await pair.b.engine.attach('screen_audio', null);
          await pair.until(() => seen?.screen === null, 'no screen');
          expect(screen.stopped).toBe(false);
        }
        expect(states).toEqual(['connecting', 'connected']);
      },
    );

    it.runIf(capabilities.screenShare)('M18 shares on both sides at once, also before it is connected', async () => {
      const seen = new Set<string>();
      pair.a.engine.on('remote', ([one]) => one?.screen && seen.add('a'));
      pair.b.engine.on('remote', ([one]) => one?.screen && seen.add('b'));
      await pair.b.engine.attach('screen', pair.track('video'));
      await connectBoth();
      await pair.a.engine.attach('screen', pair.track('video'));
      await pair.until(() => seen.size === 2, 'both screens');
    });

    it('M11 has no figures before it is connected, and figures in their ranges afterwards', async () => {
      const none = await pair.a.engine.stats();
      expect(Object.values(none).every((figure) => figure === null)).toBe(true);
      await attachBoth();
      await connectBoth();
      const first = await pair.a.engine.stats();
      const second = await pair.a.engine.stats();
      for (const stats of [first, second]) {
        expect(Object.keys(stats).toSorted()).toEqual(Object.keys(none).toSorted());
        expect(stats.path).toMatch(/^(direct|relay|server)$/);
        for (const figure of Object.values(stats)) {
          if (typeof figure === 'number') expect(figure).toBeGreaterThanOrEqual(0);
        }
        for (const share of [stats.packetLossPercent, stats.sentLossPercent, stats.concealedPercent]) {
          if (share !== null) expect(share).toBeLessThanOrEqual(100);
        }
      }
    });

    it('M12 closes once and for all, stops no track, and says nothing afterwards', async () => {
      const microphone = pair.track('audio');
      await pair.a.engine.attach('microphone', microphone);
      await connectBoth();
      await pair.a.engine.close();
      await pair.a.engine.close();
      expect(states.at(-1)).toBe('closed');
      expect(microphone.stopped).toBe(false);
      const said = states.length;
      pair.breakPath();
      pair.mendPath();
      await expect(pair.a.engine.connect(pair.a.context)).rejects.toMatchObject({ code: 'closed' });
      expect(states.length).toBe(said);
    });

    // Where two engines meet each other nobody takes part without having connected.
    if (capabilities.meets === 'server') {
      it('M19 receives nothing of somebody who takes no part, until they do', async () => {
        let people: readonly string[] = [];
        pair.a.engine.on('remote', (remote) => {
          people = remote.filter(({ stream }) => stream !== null).map(({ userId }) => userId);
        });
        pair.a.engine.admit({ only: [] });
        await attachBoth();
        await connectBoth();
        await pair.until(() => states.at(-1) === 'connected', 'connected');
        expect([people, flowing]).toEqual([[], []]);
        pair.a.engine.admit({ only: [pair.b.context.selfId] });
        await pair.until(() => people.length > 0 && flowing.length > 0, 'media of the other');
        pair.a.engine.admit({ except: [pair.b.context.selfId] });
        await pair.until(() => people.length === 0, 'nobody');
      });
    }

    it('M13 can be closed before it has connected', async () => {
      const connecting = pair.a.engine.connect(pair.a.context);
      await pair.a.engine.close();
      await connecting.catch(() => undefined);
      expect(states.at(-1)).toBe('closed');
    });

    it('M14 does not speak to a listener that has gone', async () => {
      const heard: string[] = [];
      const off = pair.a.engine.on('state', (state) => heard.push(state));
      off();
      await connectBoth();
      expect(heard).toEqual([]);
    });

    it('M15 takes newer credentials while it is connected, and mends the path with them', async () => {
      await attachBoth();
      await connectBoth();
      const said = states.length;
      await pair.a.engine.renew(renewedOf(pair.a));
      await pair.b.engine.renew(renewedOf(pair.b));
      expect(states).toHaveLength(said);
      pair.breakPath();
      await pair.until(() => states.at(-1) === 'reconnecting', 'reconnecting');
      pair.mendPath();
      await pair.until(() => states.at(-1) === 'connected', 'connected with the newer ones');
    });

    it('M16 lets newer credentials be before it is connected and after it is closed', async () => {
      await pair.a.engine.renew(renewedOf(pair.a));
      expect(states).toEqual([]);
      await pair.a.engine.close();
      await pair.a.engine.renew(renewedOf(pair.a));
      expect(states).toEqual(['closed']);
    });
  });
}

const renewedOf = ({ context: { credentials } }: EngineSide): EngineContext['credentials'] => ({
  ...credentials,
  expiresAt: new Date(Date.parse(credentials.expiresAt) + 3_600_000).toISOString(),
});
