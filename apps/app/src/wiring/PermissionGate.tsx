import type { CapturePermission, CaptureProblem, CaptureSource, PermissionProblem } from '@parley/client';
import { useParley } from '@parley/react';
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useRef, useState } from 'react';
import { Linking, Platform, View } from 'react-native';
import { type PermissionMatter, PermissionNotice } from '../screens/PermissionNotice';
import type { CallKind } from '../screens/snapshots';
import { useModalFocus } from '../ui/focus';

interface Gate {
  /**
   * Runs `proceed` once it is clear with what one takes part: at once where everything is granted already. The question
   * goes by itself as soon as it is not `wanted` any more.
   */
  pass(kind: CallKind, proceed: () => void, wanted?: () => boolean): void;
  /** Says what keeps a device from working, in mid-call. */
  explain(problem: PermissionProblem): void;
}

const GateContext = createContext<Gate | null>(null);

export function usePermissionGate(): Gate {
  const gate = useContext(GateContext);
  if (!gate) throw new Error('PermissionGate is missing above this component');
  return gate;
}

interface Open {
  readonly matter: PermissionMatter;
  readonly sources: readonly CaptureSource[];
  /** Null in mid-call: nothing waits. */
  readonly proceed: (() => void) | null;
  readonly wanted: () => boolean;
  /** Until then, epoch milliseconds, what was in the way may go on by itself once it is gone; after it somebody has to press. */
  readonly fresh: number;
}

/** Somebody who plugs in a headset hours later did not ask to call just now. */
const FRESH_MS = 20_000;

const always = () => true;

/** What a permission that is not to be had is called as a problem. */
const asProblem = (answer: CapturePermission | undefined): CaptureProblem | null =>
  answer === undefined || answer === 'granted' || answer === 'prompt' ? null : answer;

/** Another try cannot change these. */
const FINAL: readonly CaptureProblem[] = ['insecure', 'unsupported'];

const sourcesOf = (kind: CallKind): readonly CaptureSource[] =>
  kind === 'video' ? ['microphone', 'camera'] : ['microphone'];

/**
 * What was found of each device while it rings, so that the tap on *Accept* need not wait for it: a browser's first look at its devices
 * takes seconds on a busy machine (3.4 s in Chromium, measured by the accept bench). It opens none of them. What has changed since the
 * look is found when the device is opened.
 */
function usePermissionsWhileRinging(): (source: CaptureSource) => CapturePermission | undefined {
  const client = useParley();
  const found = useRef(new Map<CaptureSource, CapturePermission>());
  useEffect(() => {
    let rang = false;
    const look = () => {
      const rings = client.snapshot().incoming.length > 0;
      if (rings === rang) return;
      rang = rings;
      // A map of its own for each time: an answer that comes late is of no use to the next ring.
      const answers = new Map<CaptureSource, CapturePermission>();
      found.current = answers;
      if (!rings) return;
      for (const source of sourcesOf('video'))
        void client.permission(source).then(
          (answer) => answers.set(source, answer),
          () => undefined,
        );
    };
    look();
    return client.subscribe(look);
  }, [client]);
  return useCallback((source) => found.current.get(source), []);
}

/** Asks before the first call, with a reason; tells a denial plainly; one can go on without. */
export function PermissionGate({ children }: { readonly children: ReactNode }) {
  const client = useParley();
  const [open, setOpen] = useState<Open | null>(null);

  const foundWhileRinging = usePermissionsWhileRinging();
  const pass = useCallback(
    async (kind: CallKind, proceed: () => void, wanted: () => boolean = always) => {
      const sources = sourcesOf(kind);
      const found = sources.map((source) => foundWhileRinging(source));
      if (found.every((answer) => answer === 'granted')) return proceed();
      const answers = await Promise.all(sources.map((source) => client.permission(source)));
      const at = answers.findIndex((answer) => asProblem(answer) !== null);
      const problem = asProblem(answers[at]);
      const source = sources[at];
      // A ring is wanted for as long as it rings, and says so itself.
      const fresh = wanted === always ? Date.now() + FRESH_MS : Number.POSITIVE_INFINITY;
      if (source !== undefined && problem !== null) {
        setOpen({ matter: { is: 'problem', source, problem }, sources, proceed, wanted, fresh });
      } else if (answers.includes('prompt')) {
        setOpen({
          matter: { is: 'ask', wanted: kind === 'video' ? 'both' : 'microphone' },
          sources,
          proceed,
          wanted,
          fresh,
        });
      } else proceed();
    },
    [client, foundWhileRinging],
  );
  const explain = useCallback(
    ({ source, problem }: PermissionProblem) =>
      setOpen({
        matter: { is: 'problem', source, problem },
        sources: [source],
        proceed: null,
        wanted: always,
        fresh: Number.POSITIVE_INFINITY,
      }),
    [],
  );

  const close = useCallback(() => {
    setOpen(null);
    client.releasePermissions();
  }, [client]);
  useEffect(() => {
    if (open === null) return;
    const look = () => {
      if (!open.wanted()) close();
    };
    look();
    return client.subscribe(look);
  }, [client, open, close]);

  const asking = useRef(false);
  const ask = async ({ sources, proceed, matter, wanted, fresh }: Open) => {
    asking.current = true;
    const [problem] = await client.requestPermissions(sources).finally(() => {
      asking.current = false;
    });
    if (!wanted()) return close();
    if (problem) return setOpen({ sources, proceed, wanted, fresh, matter: { is: 'problem', ...problem } });
    setOpen(null);
    if (proceed) return proceed();
    // In mid-call: what works again is taken into use.
    if (matter.is === 'problem' && matter.source === 'microphone') client.setMuted(false);
  };
  const askNow = useRef(ask);
  useEffect(() => {
    askNow.current = ask;
  });
  // Allowed in the browser's settings, or plugged in: what was in the way is over, and nobody has to press anything.
  useEffect(() => {
    if (open === null) return;
    let here = true;
    const look = async () => {
      // The platform's own question is being answered: whoever asked goes on by itself.
      if (asking.current) return;
      const answers = await Promise.all(open.sources.map((source) => client.permission(source)));
      if (!here || asking.current || answers.some((answer) => asProblem(answer) !== null)) return;
      const isProblem = open.matter.is === 'problem';
      const isMissing = open.matter.is === 'problem' && open.matter.problem === 'no_device';
      const isStale = Date.now() > open.fresh;
      if (answers.every((answer) => answer === 'granted') && !isStale) void askNow.current(open);
      else if (isMissing || (isStale && isProblem)) {
        const wanted = open.sources.includes('camera') ? 'both' : 'microphone';
        setOpen({ ...open, matter: { is: 'ask', wanted } });
      }
    };
    const off = client.onPermission(open.sources, () => void look());
    return () => {
      here = false;
      off();
    };
  }, [client, open]);
  const goOn = ({ proceed }: Open) => {
    setOpen(null);
    proceed?.();
  };

  const gate = useMemo<Gate>(() => ({ pass: (...question) => void pass(...question), explain }), [pass, explain]);
  const problem = open?.matter.is === 'problem' ? open.matter.problem : null;
  const bySystem = problem === 'denied' || problem === 'blocked';
  return (
    <GateContext.Provider value={gate}>
      {children}
      {open === null ? null : (
        <Modal>
          <PermissionNotice
            matter={open.matter}
            {...(problem !== null && FINAL.includes(problem) ? {} : { onContinue: () => void ask(open) })}
            onWithout={() => goOn(open)}
            {...(open.proceed === null ? {} : { onCancel: close })}
            {...(Platform.OS !== 'web' && bySystem ? { onOpenSettings: () => void Linking.openSettings() } : {})}
          />
        </Modal>
      )}
    </GateContext.Provider>
  );
}

function Modal({ children }: { readonly children: ReactNode }) {
  return (
    <View ref={useModalFocus()} role="dialog" aria-modal style={{ position: 'absolute', inset: 0 }}>
      {children}
    </View>
  );
}
