import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { StageTheme, useColors } from '../theme/ThemeProvider';
import { faceOf } from '../theme/type';
import { besideOf } from './besideOf';

interface Tip {
  readonly text: string;
  readonly keys: string | undefined;
  readonly target: Element;
}

/** Milliseconds that a pointer rests before it is told. */
const REST_MS = 450;

/**
 * The names of icon buttons (`data-tip`, and `data-keys` for the key that does the same) beside a resting pointer or the
 * focus of the keyboard. One for the whole page: buttons cut off what reaches over their edge.
 */
export function Tooltips() {
  const [tip, setTip] = useState<Tip | null>(null);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let still = { x: -1, y: -1 };
    const hide = () => {
      clearTimeout(timer);
      setTip(null);
    };
    const show = (target: EventTarget | null) => {
      const element = target instanceof Element ? target.closest('[data-tip]') : null;
      const text = element?.getAttribute('data-tip');
      if (!element || !text) return hide();
      setTip({ text, keys: element.getAttribute('data-keys') ?? undefined, target: element });
    };
    const onMove = ({ clientX: x, clientY: y }: PointerEvent) => {
      still = { x, y };
    };
    const onOver = ({ target, pointerType, clientX, clientY }: PointerEvent) => {
      clearTimeout(timer);
      // Something came to lie under a pointer that rests, such as one's own picture after a press on *Accept*.
      if (clientX === still.x && clientY === still.y) return setTip(null);
      const element = target instanceof Element ? target.closest('[data-tip]') : null;
      if (element === null || pointerType !== 'mouse') return setTip(null);
      timer = setTimeout(() => show(element), REST_MS);
    };
    const onFocus = ({ target }: FocusEvent) => {
      if (target instanceof Element && target.matches(':focus-visible')) show(target);
    };
    document.addEventListener('pointerover', onOver);
    document.addEventListener('pointermove', onMove, { passive: true });
    document.addEventListener('focusin', onFocus);
    const ends = ['pointerdown', 'focusout', 'keydown', 'scroll'] as const;
    // Told before the focus moves: a key that moves it brings the next one.
    for (const end of ends) document.addEventListener(end, hide, { capture: true, passive: true });
    window.addEventListener('resize', hide);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('pointerover', onOver);
      document.removeEventListener('pointermove', onMove);
      document.removeEventListener('focusin', onFocus);
      for (const end of ends) document.removeEventListener(end, hide, { capture: true });
      window.removeEventListener('resize', hide);
    };
  }, []);
  return tip === null ? null : (
    <StageTheme>
      <Card tip={tip} />
    </StageTheme>
  );
}

function Card({ tip }: { readonly tip: Tip }) {
  const colors = useColors();
  const element = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState<{ x: number; y: number } | null>(null);
  useLayoutEffect(() => {
    const card = element.current;
    if (card === null) return;
    const { width, height } = card.getBoundingClientRect();
    const page = { width: window.innerWidth, height: window.innerHeight };
    setAt(besideOf(tip.target.getBoundingClientRect(), { width, height }, page));
  }, [tip]);
  return (
    <div
      ref={element}
      aria-hidden
      data-tooltip
      style={{
        position: 'fixed',
        left: at?.x ?? 0,
        top: at?.y ?? 0,
        visibility: at === null ? 'hidden' : 'visible',
        zIndex: 100,
        pointerEvents: 'none',
        maxWidth: 260,
        padding: '6px 10px',
        borderRadius: 8,
        border: `1px solid ${colors.line}`,
        background: colors.card,
        color: colors.ink,
        boxShadow: colors.shadow,
        font: `13px/18px ${faceOf('medium')}`,
      }}
    >
      {tip.text}
      {tip.keys === undefined ? null : (
        <span
          style={{
            marginInlineStart: 8,
            padding: '0 6px',
            borderRadius: 5,
            background: colors.control,
            color: colors.quiet,
            fontSize: 12,
          }}
        >
          {tip.keys}
        </span>
      )}
    </div>
  );
}
