import { type Answer, Http } from './http.ts';
import { Unusable } from './options.ts';
import { isJson } from './wire.ts';

/** Whether there is a Parley in which people can sign up. @throws Unusable with a sentence */
export async function requireParley(origin: string): Promise<void> {
  const http = new Http(origin, new AbortController().signal);
  const ready = await ask(http, '/health/ready');
  if (ready.status === 503) throw new Unusable(`The Parley at ${origin} is not ready: ${JSON.stringify(ready.body)}.`);
  const config = await ask(http, '/api/config');
  if (ready.status !== 200 || !isJson(ready.body) || config.status !== 200 || !isJson(config.body)) {
    throw new Unusable(
      `At ${origin} is no Parley: GET /health/ready gave ${ready.status}, GET /api/config ${config.status}.`,
    );
  }
  if (config.body.builtInAccounts !== true) {
    throw new Unusable(
      `The Parley at ${origin} leaves its accounts to another issuer: the list cannot sign people up there.`,
    );
  }
}

async function ask(http: Http, path: string): Promise<Answer> {
  try {
    return await http.ask('GET', path, { impatient: true });
  } catch (error) {
    throw new Unusable(`${http.origin} cannot be reached: ${error instanceof Error ? error.message : String(error)}.`);
  }
}
