// Somebody in a call without a screen and without media: a socket that answers pings, and counts what comes in.
import { createHmac, randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';

/** @typedef {{ url: string, secret: string }} Place where the server is, and the secret of its accounts */

/** @param {object} value */
const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token as a foreign issuer would make it: a thousand accounts of our own would cost a thousand hashes of passwords. @param {string} secret @param {string} name */
export function tokenOf(secret, name) {
  const exp = Math.floor(Date.now() / 1000) + 3600;
  const body = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sub: name, name, exp })}`;
  return `${body}.${createHmac('sha256', secret).update(body).digest('base64url')}`;
}

/**
 * @param {Place} place @param {string} token @param {'GET' | 'POST'} method @param {string} path
 * @param {object} [body] @param {{ device: string, instance: string }} [from]
 */
export async function ask(place, token, method, path, body, from) {
  const answer = await fetch(`${place.url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
      'x-device-id': from?.device ?? randomUUID(),
      ...(from === undefined ? {} : { 'x-instance-id': from.instance }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.status === 204 ? null : answer.json();
}

/** A view that says more than the numbers that a listener goes by is not read: reading is what a client pays, not the server. */
const VERSION = /"version":(\d+)/;

export class Listener {
  device = randomUUID();
  instance = randomUUID();
  /** How often a command had to be sent again. */
  again = 0;
  bytes = 0;
  messages = 0;
  /** The newest number of the call that was heard of. */
  version = 0;
  /** Why the socket was closed; null while it is open. @type {string | null} */
  closed = null;
  /** @type {Map<string, { resolve: (view: { call: { id: string, version: number } }) => void, reject: (error: Error) => void }>} */
  #waiting = new Map();
  /** @type {WebSocket} */
  #socket;

  /** @param {WebSocket} socket @param {() => void} welcome */
  constructor(socket, welcome) {
    this.#socket = socket;
    socket.onmessage = ({ data }) => this.#hear(String(data), welcome);
    socket.onclose = ({ code, reason }) => {
      this.closed = `${code} ${reason}`;
      for (const { reject } of this.#waiting.values()) reject(new Error(`closed with ${this.closed}`));
    };
  }

  /** @param {Place} place @param {string} token @param {string[]} topics @returns {Promise<Listener>} */
  static async open(place, token, topics) {
    const socket = new WebSocket(`${place.url.replace(/^http/, 'ws')}/api/realtime`);
    await new Promise((resolve, reject) => {
      socket.onopen = resolve;
      socket.onerror = () => reject(new Error('no socket'));
    });
    /** @type {Listener} */
    let listener;
    await new Promise((resolve, reject) => {
      listener = new Listener(socket, () => resolve(undefined));
      socket.addEventListener('close', ({ code }) => reject(new Error(`closed with ${code}`)));
      const { device, instance } = listener;
      socket.send(JSON.stringify({ t: 'hello', v: 1, token, deviceId: device, instanceId: instance }));
    });
    for (const topic of topics) socket.send(JSON.stringify({ t: 'subscribe', topic }));
    // @ts-expect-error it is there once it was greeted
    return listener;
  }

  /** @param {string} text @param {() => void} welcome */
  #hear(text, welcome) {
    // Names here are ASCII, so that characters are bytes.
    this.bytes += text.length;
    this.messages += 1;
    if (text.startsWith('{"t":"ping"')) {
      const { n } = JSON.parse(text);
      this.#socket.send(JSON.stringify({ t: 'pong', n }));
    } else if (text.startsWith('{"t":"call"') || text.startsWith('{"t":"call_delta"')) this.#note(VERSION.exec(text));
    else if (text.startsWith('{"t":"welcome"')) welcome();
    else if (text.startsWith('{"t":"ack"')) {
      const { id, view } = JSON.parse(text);
      this.#note([text, String(view.call.version)]);
      this.#waiting.get(id)?.resolve(view);
      this.#waiting.delete(id);
    } else if (text.startsWith('{"t":"error"')) {
      const { ref, problem } = JSON.parse(text);
      this.#waiting.get(ref)?.reject(new Error(problem.code));
      this.#waiting.delete(ref);
    }
  }

  /** @param {string[] | null} found */
  #note(found) {
    const version = Number(found?.[1] ?? 0);
    if (version > this.version) this.version = version;
  }

  /**
   * As the app does it: where the database cannot keep up, the same command is sent again.
   * @param {string} name @param {string | undefined} callId @param {object} body
   * @returns {Promise<{ call: { id: string, version: number } }>}
   */
  async command(name, callId, body = {}) {
    const id = randomUUID();
    for (let tries = 1; ; tries += 1) {
      try {
        return await new Promise((resolve, reject) => {
          this.#waiting.set(id, { resolve, reject });
          this.#socket.send(
            JSON.stringify({ t: 'command', id, name, ...(callId === undefined ? {} : { callId }), body }),
          );
        });
      } catch (error) {
        const again = error instanceof Error && error.message === 'database_unavailable' && tries < 5;
        if (!again) throw error;
        this.again += 1;
        await wait(500 * tries);
      }
    }
  }

  close() {
    this.#socket.close();
  }
}
