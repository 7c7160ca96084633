// A crowd as a process of its own, told by its parent what to do (`CrowdChild`).
import { Crowd, type Return } from './crowd.ts';

export type Ask =
  | { readonly kind: 'grow'; readonly url: string; readonly hellos: readonly object[] }
  | { readonly kind: 'rest' }
  | { readonly kind: 'back'; readonly url: string }
  | { readonly kind: 'come-back' };

export interface Request {
  readonly id: number;
  readonly ask: Ask;
}

export type Reply =
  | { readonly id: number; readonly back: Return | null }
  | { readonly id: number; readonly failure: string };

let url = '';
const hellos: object[] = [];
const crowd = new Crowd({ url: () => url, hello: (n) => hellos[n] ?? {} });

async function perform(ask: Ask): Promise<Return | null> {
  switch (ask.kind) {
    case 'grow':
      url = ask.url;
      for (const hello of ask.hellos) hellos.push(hello);
      await crowd.grow(hellos.length);
      return null;
    case 'rest':
      crowd.rest();
      return null;
    case 'back':
      url = ask.url;
      return crowd.back();
    case 'come-back':
      return crowd.comeBack();
  }
}

process.on('message', ({ id, ask }: Request) => {
  perform(ask).then(
    (back) => process.send?.({ id, back } satisfies Reply),
    (error: unknown) => process.send?.({ id, failure: String(error) } satisfies Reply),
  );
});
process.on('disconnect', () => process.exit());
