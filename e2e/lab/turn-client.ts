import { createSocket } from 'node:dgram';
import { connect } from 'node:tls';
import type { Asked, Plan } from './plan.ts';
import {
  ATTRIBUTE,
  type Attribute,
  decode,
  encode,
  errorCode,
  longTermKey,
  METHOD,
  type Message,
  newTransaction,
  peerAddress,
} from './stun.ts';

/*
 * A program for a host of the lab: asks the relay for an allocation and for permissions, and prints what it was told.
 * Its one argument is a plan as JSON, its output what became of it.
 */

const PATIENCE_MS = 5_000;
const AGAIN_MS = 500;
const UDP = Buffer.from([17, 0, 0, 0]);
const echoText = Buffer.from('are you there?');

type Line = { send(bytes: Buffer): void; close(): void };

class Client {
  readonly #plan: Plan;
  readonly #waiting = new Map<string, (message: Message) => void>();
  #line: Line | undefined;
  #realm: Buffer = Buffer.alloc(0);
  #nonce: Buffer = Buffer.alloc(0);
  #heard: (data: Buffer) => void = () => {};

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  async open(): Promise<void> {
    const { server, port, tls } = this.#plan;
    const take = (bytes: Buffer): void => this.#take(decode(bytes));
    this.#line = tls ? await overTls(server, port, take) : overUdp(server, port, take);
  }

  close(): void {
    this.#line?.close();
  }

  /** @returns 0, or the code with which it was refused */
  async allocate(): Promise<number> {
    const family = Buffer.from([this.#plan.family === 6 ? 2 : 1, 0, 0, 0]);
    const wish: Attribute[] = [
      [ATTRIBUTE.transport, UDP],
      [ATTRIBUTE.family, family],
    ];
    const challenge = await this.#ask(METHOD.allocate, () => wish);
    if (errorCode(challenge) !== 401) throw new Error(`Nobody asked who is there: ${errorCode(challenge)}.`);
    this.#realm = challenge.attributes.get(ATTRIBUTE.realm) ?? this.#realm;
    this.#nonce = challenge.attributes.get(ATTRIBUTE.nonce) ?? this.#nonce;
    return errorCode(await this.#signed(METHOD.allocate, () => wish));
  }

  async permission(address: string, port = 9): Promise<number> {
    const peer = (transaction: Buffer): Attribute[] => [[ATTRIBUTE.peer, peerAddress(address, port, transaction)]];
    return errorCode(await this.#signed(METHOD.permission, peer));
  }

  async channel(address: string, number: number): Promise<number> {
    const wish = (transaction: Buffer): Attribute[] => [
      [ATTRIBUTE.channelNumber, Buffer.from([number >> 8, number & 255, 0, 0])],
      [ATTRIBUTE.peer, peerAddress(address, 9, transaction)],
    ];
    return errorCode(await this.#signed(METHOD.channel, wish));
  }

  /** Sends to a peer without asking whether that is allowed: a relay drops it in silence. */
  push(address: string, port: number): void {
    const transaction = newTransaction();
    const attributes: Attribute[] = [
      [ATTRIBUTE.peer, peerAddress(address, port, transaction)],
      [ATTRIBUTE.data, echoText],
    ];
    this.#line?.send(encode({ method: METHOD.send, kind: 'indication', transaction, attributes }));
  }

  /** @returns whether what was sent to a peer that echoes came back through the relay */
  async echo(address: string, port: number): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#heard = (data) => resolve(data.equals(echoText));
    const again = setInterval(() => this.push(address, port), AGAIN_MS);
    const end = setTimeout(() => resolve(false), PATIENCE_MS);
    this.push(address, port);
    const came = await promise;
    clearInterval(again);
    clearTimeout(end);
    return came;
  }

  async release(): Promise<void> {
    await this.#signed(METHOD.refresh, () => [[ATTRIBUTE.lifetime, Buffer.alloc(4)]]);
  }

  #signed(method: number, attributes: (transaction: Buffer) => Attribute[]): Promise<Message> {
    const { username, credential } = this.#plan;
    const identity: Attribute[] = [
      [ATTRIBUTE.username, Buffer.from(username)],
      [ATTRIBUTE.realm, this.#realm],
      [ATTRIBUTE.nonce, this.#nonce],
    ];
    const key = longTermKey(username, this.#realm.toString(), credential);
    return this.#ask(method, (transaction) => [...attributes(transaction), ...identity], key);
  }

  async #ask(method: number, attributes: (transaction: Buffer) => Attribute[], key?: Buffer): Promise<Message> {
    const transaction = newTransaction();
    const id = transaction.toString('hex');
    const bytes = encode({ method, kind: 'request', transaction, attributes: attributes(transaction) }, key);
    const { promise, resolve, reject } = Promise.withResolvers<Message>();
    this.#waiting.set(id, resolve);
    const send = (): void => this.#line?.send(bytes);
    // A stream loses nothing, and there the second copy would be another request.
    const again = this.#plan.tls ? undefined : setInterval(send, AGAIN_MS);
    const end = setTimeout(() => reject(new Error(`No answer to ${method} within ${PATIENCE_MS} ms.`)), PATIENCE_MS);
    send();
    try {
      return await promise;
    } finally {
      clearInterval(again);
      clearTimeout(end);
      this.#waiting.delete(id);
    }
  }

  #take(message: Message): void {
    if (message.kind === 'indication') this.#heard(message.attributes.get(ATTRIBUTE.data) ?? Buffer.alloc(0));
    else this.#waiting.get(message.transaction)?.(message);
  }
}

function overUdp(server: string, port: number, take: (bytes: Buffer) => void): Line {
  const socket = createSocket('udp4', take);
  return { send: (bytes) => socket.send(bytes, port, server), close: () => socket.close() };
}

async function overTls(server: string, port: number, take: (bytes: Buffer) => void): Promise<Line> {
  // The certificate is one that the test has made: here it is shown that the port speaks TLS, not who answers.
  const socket = connect({ host: server, port, rejectUnauthorized: false, minVersion: 'TLSv1.2' });
  await new Promise<void>((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject));
  let rest = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 20 && rest.length >= 20 + rest.readUInt16BE(2)) {
      const length = 20 + rest.readUInt16BE(2);
      take(rest.subarray(0, length));
      rest = rest.subarray(length);
    }
  });
  return { send: (bytes) => socket.write(bytes), close: () => socket.destroy() };
}

async function carryOut(plan: Plan): Promise<Asked> {
  const client = new Client(plan);
  await client.open();
  try {
    const asked: Asked = { allocation: await client.allocate(), permissions: {}, channels: {}, echoed: null };
    if (asked.allocation !== 0) return asked;
    for (const [index, peer] of (plan.peers ?? []).entries()) {
      asked.permissions[peer] = await client.permission(peer);
      asked.channels[peer] = await client.channel(peer, 0x4000 + index);
      client.push(peer, plan.echo?.port ?? 9);
    }
    if (plan.echo) {
      await client.permission(plan.echo.address, plan.echo.port);
      asked.echoed = await client.echo(plan.echo.address, plan.echo.port);
    }
    await client.release();
    return asked;
  } finally {
    client.close();
  }
}

process.stdout.write(JSON.stringify(await carryOut(JSON.parse(process.argv[2] ?? '{}') as Plan)));
