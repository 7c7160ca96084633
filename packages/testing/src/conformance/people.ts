import { randomUUID } from 'node:crypto';
import { same } from './broken.ts';
import { type Answer, type Ask, Http, took } from './http.ts';
import { type Hello, Line, type LineOptions } from './line.ts';
import type { Turns } from './turns.ts';
import { itemsOf, textOf } from './wire.ts';

export interface Team {
  readonly id: string;
  /** Its channel *general*. */
  readonly channelId: string;
}

/** An installation with one running app. */
export class Device {
  readonly person: Person;
  readonly deviceId = randomUUID();
  readonly instanceId: string = randomUUID();
  readonly #stage: Stage;

  constructor(stage: Stage, person: Person) {
    this.#stage = stage;
    this.person = person;
  }

  /** What every request of the device carries. */
  ask(method: string, path: string, { headers = {}, ...ask }: Ask = {}): Promise<Answer> {
    const own = { 'x-device-id': this.deviceId, 'x-instance-id': this.instanceId };
    return this.#stage.http.ask(method, path, {
      token: this.person.token,
      headers: { ...own, ...headers },
      ...ask,
    });
  }

  command(name: string, callId: string, body: object = {}, key: string = randomUUID()): Promise<Answer> {
    return this.ask('POST', `/api/calls/${callId}/${name}`, { body, headers: { 'idempotency-key': key } });
  }

  create(body: object, key: string = randomUUID()): Promise<Answer> {
    return this.ask('POST', '/api/calls', { body, headers: { 'idempotency-key': key } });
  }

  /** A socket that was welcomed. */
  async open(options: LineOptions & Pick<Hello, 'resume'> = {}): Promise<Line> {
    const line = await this.#stage.connect(options);
    const { deviceId, instanceId } = this;
    const { token } = this.person;
    line.hello({ token, deviceId, instanceId, ...(options.resume === undefined ? {} : { resume: options.resume }) });
    await line.welcomed();
    return line;
  }
}

export class Person {
  readonly id: string;
  readonly token: string;
  readonly #stage: Stage;

  constructor(stage: Stage, session: { readonly id: string; readonly token: string }) {
    this.#stage = stage;
    this.id = session.id;
    this.token = session.token;
  }

  device(): Device {
    return new Device(this.#stage, this);
  }

  ask(method: string, path: string, ask: Ask = {}): Promise<Answer> {
    return this.#stage.http.ask(method, path, { token: this.token, ...ask });
  }
}

/** Where one case plays: people, teams and sockets of its own. */
export class Stage {
  readonly http: Http;
  readonly #signUps: Turns;
  readonly #lines: Line[] = [];

  constructor(origin: string, signUps: Turns, signal: AbortSignal) {
    this.http = new Http(origin, signal);
    this.#signUps = signUps;
  }

  /** A new account. Few at a time: the work of a password is dear, and tries are counted while they run. */
  async person(displayName: string): Promise<Person> {
    const body = { email: `conformance-${randomUUID()}@example.test`, password: randomUUID(), displayName };
    const session = await this.#signUps.run(async () =>
      took(await this.http.ask('POST', '/api/auth/sign-up', { body }), [201], 'sign-up'),
    );
    const { user } = session as { readonly user?: unknown };
    return new Person(this, { id: textOf(user, 'id'), token: textOf(session, 'accessToken') });
  }

  /** New people in a new team, which the first of them owns; the others came by an invitation. */
  async team<const N extends readonly string[]>(
    ...names: N
  ): Promise<{ readonly team: Team; readonly people: { [K in keyof N]: Person } }> {
    const people = await Promise.all(names.map((name) => this.person(name)));
    const [owner, ...others] = people;
    if (owner === undefined) throw new Error('a team of nobody');
    const made = took(await owner.ask('POST', '/api/teams', { body: { name: 'Conformance' } }), [201], 'a new team');
    const id = textOf(made, 'id');
    if (others.length > 0) {
      const path = `/api/teams/${id}/invitations`;
      const token = textOf(took(await owner.ask('POST', path, { body: {} }), [201], 'an invitation'), 'token');
      await Promise.all(
        others.map(async (person) =>
          took(await person.ask('POST', `/api/invitations/${token}/accept`, { body: {} }), [200], 'the invitation'),
        ),
      );
    }
    const channels = itemsOf(took(await owner.ask('GET', `/api/teams/${id}/channels`), [200], 'channels'));
    same(
      channels.map(({ name }) => name),
      ['general'],
      'the channels of a new team',
    );
    return { team: { id, channelId: textOf(channels[0], 'id') }, people: people as { [K in keyof N]: Person } };
  }

  async connect(options: LineOptions = {}): Promise<Line> {
    const line = await Line.connect(this.http.origin, options);
    this.#lines.push(line);
    return line;
  }

  close(): void {
    for (const line of this.#lines) line.close();
  }
}
