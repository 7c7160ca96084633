import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { Netlab } from '../netlab.ts';
import { answerOn, labNamespaces, ping } from './hosts.ts';

const available = Netlab.available();

it('Netlab says in one sentence why it is not available', () => {
  if (available.ok) expect(available).toEqual({ ok: true });
  else expect(available.why).toMatch(/^The network lab needs [^\n]+\.$/);
});

describe.skipIf(!available.ok)('the end of a network lab', () => {
  beforeAll(Netlab.prepare, 300_000);

  const namespacesOf = (lab: Netlab) => ['one', 'two'].map((host) => lab.namespace(host));
  const left = (namespaces: string[]) => labNamespaces().filter((name) => namespaces.includes(name));

  it('leaves no namespace, and none of the programs on its hosts', async () => {
    const lab = await Netlab.start(['one', 'two']);
    const namespaces = namespacesOf(lab);
    expect(left(namespaces)).toHaveLength(2);
    const sleeper = lab.spawn('one', 'sleep', ['600'], { stdio: 'ignore' });
    const ended = new Promise((resolve) => sleeper.on('exit', (_code, signal) => resolve(signal)));
    const script = await lab.executable('one', 'sleep');
    await lab.stop();
    await lab.stop();
    expect(await ended).toBe('SIGKILL');
    expect(left(namespaces)).toEqual([]);
    expect(existsSync(script)).toBe(false);
    await expect(lab.stats()).rejects.toThrow('has ended');
  });

  it('comes too when its program is killed', async () => {
    const lab = await Netlab.start(['one', 'two']);
    const namespaces = namespacesOf(lab);
    lab.spawn('one', 'sleep', ['600'], { stdio: 'ignore' });
    process.kill(lab.pid ?? Number.NaN, 'SIGKILL');
    await expect.poll(() => left(namespaces), { timeout: 10_000 }).toEqual([]);
    await lab.stop();
  });

  it('comes too when whoever started it is killed', async () => {
    const script = `import { Netlab } from '${import.meta.dirname}/../netlab.ts';
      const lab = await Netlab.start(['one', 'two']);
      console.log(lab.namespace('one'));`;
    const args = ['--no-warnings', '--input-type=module', '-e', script];
    const starter = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(starter.stdout.setEncoding('utf8'), 'data')) as [string];
    expect(left([line.trim()])).toHaveLength(1);
    starter.kill('SIGKILL');
    await expect.poll(() => left([line.trim()]), { timeout: 10_000 }).toEqual([]);
  });

  it('comes when its lifetime is over', async () => {
    const lab = await Netlab.start(['one', 'two'], { lifetimeMs: 200 });
    const namespaces = namespacesOf(lab);
    await expect.poll(() => left(namespaces), { timeout: 10_000 }).toEqual([]);
    await expect(lab.stats()).rejects.toThrow('lifetime');
    await lab.stop();
  });

  it('of one leaves another with the same hosts and addresses as it is', async () => {
    const [one, other] = await Promise.all([Netlab.start(['one', 'two']), Netlab.start(['one', 'two'])]);
    try {
      await answerOn(other, 'two');
      await one.stop();
      expect(await ping(other, 'one', 'two')).toHaveLength(15);
    } finally {
      await Promise.all([one.stop(), other.stop()]);
    }
  });

  it('is not needed where it could not start', async () => {
    await expect(Netlab.start(['only'])).rejects.toThrow('two hosts or more');
    await expect(Netlab.start(['one', 'One'])).rejects.toThrow('is no host');
    await expect(Netlab.start(['one', { name: 'two', address: '10.77.0.1' }])).rejects.toThrow('of another host');
  });
});
