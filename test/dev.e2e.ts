import { jest } from '@jest/globals';

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { until } from '@libs/testing';

import { EmbeddedStack } from './support/stack.js';

jest.setTimeout(180_000);

const patienceMs = 60_000;

/** What there is to be developed: the project, but for what is made of it. */
const parts = ['apps', 'libs', 'config', 'docs', 'tools/build', 'package.json', 'package-lock.json', '.swcrc'];

describe('npm run dev', () => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'gatehouse-dev-')));
  let stack: EmbeddedStack;
  let dev: ChildProcess;
  let said = '';

  beforeAll(async () => {
    for (const part of parts) cpSync(part, join(root, part), { recursive: true });
    symlinkSync(resolve('node_modules'), join(root, 'node_modules'));
    stack = await EmbeddedStack.create();
    const { PATH, HOME, CI } = process.env;
    const env = { PATH, HOME, CI, ...stack.environment };
    // A group of its own, as a terminal makes one.
    dev = spawn('npm', ['run', '--silent', 'dev'], {
      cwd: root,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    for (const stream of [dev.stdout, dev.stderr]) stream?.on('data', (text: Buffer) => (said += text.toString()));
    await until(status, (code) => code === 200, patienceMs);
  });
  afterAll(async () => {
    if (dev.exitCode === null && dev.signalCode === null) await interrupt();
    await stack.dispose();
    rmSync(root, { recursive: true, force: true });
  });

  /** What Ctrl-C does. */
  const interrupt = async (): Promise<void> => {
    const exit = once(dev, 'exit');
    process.kill(-(dev.pid as number), 'SIGINT');
    await exit;
  };
  const status = (): Promise<number> =>
    fetch(`${stack.gateways[0]}/ready`).then(
      (answer) => answer.status,
      () => 0,
    );
  /** The text of an answer; nothing while nobody answers. */
  const ask = (path: string, body?: object): Promise<string> => {
    const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    return fetch(`${stack.gateways[0]}${path}`, body === undefined ? {} : post).then(
      (answer) => answer.text(),
      () => '',
    );
  };
  const change = (file: string, from: string, to: string): void => {
    const text = readFileSync(join(root, file), 'utf8');
    expect(text).toContain(from);
    writeFileSync(join(root, file), text.replace(from, to));
  };
  const somebody = { username: 'somebody', email: 'somebody@example.com', password: 'aaaaaaaaaaaaaaaa' };

  it.each([
    {
      of: 'the gateway',
      file: 'apps/gateway/src/operate/public/public.controller.ts',
      from: 'new Date().toISOString()',
      to: "'this is new'",
      seen: () => ask('/public/status'),
    },
    {
      of: 'a service',
      file: 'apps/auth-service/src/credentials/password.schema.ts',
      from: 'repeats itself or follows a pattern',
      to: 'this is new',
      seen: () => ask('/auth/register', somebody),
    },
    {
      of: 'a library',
      file: 'libs/errors/src/catalogue.ts',
      from: 'There is nothing at this address',
      to: 'this is new',
      seen: () => ask('/nowhere'),
    },
  ])('shows a change of $of, and says which file it was', async ({ file, from, to, seen }) => {
    expect(await until(seen, (text) => text !== '', patienceMs)).not.toContain('this is new');
    change(file, from, to);
    await until(seen, (text) => text.includes('this is new'), patienceMs);
    expect(said).toContain(`dev: ${file} changed: platform starts again.`);
  });

  it('goes on with what ran before while a change does not compile', async () => {
    const file = 'apps/gateway/src/operate/public/public.schema.ts';
    change(file, 'import', 'import import');
    await until(
      () => said,
      (text) => text.includes(`dev: ${file} changed, and does not compile.`),
      patienceMs,
    );
    expect(await ask('/public/status')).toContain('this is new');
    change(file, 'import import', 'import');
    await until(
      () => said,
      (text) => text.includes(`dev: ${file} changed: platform starts again.`),
      patienceMs,
    );
    await until(() => ask('/public/status'), (text) => text.includes('this is new'), patienceMs); // prettier-ignore
  });

  it('ends with the application, and leaves nothing running', async () => {
    await interrupt();
    expect(await until(status, (code) => code === 0, patienceMs)).toBe(0);
  });

  it('says which applications there are when it does not know the one that is named', async () => {
    const other = spawn('npm', ['run', '--silent', 'dev', '--', 'nothing'], { cwd: root });
    let text = '';
    other.stderr.on('data', (piece: Buffer) => (text += piece.toString()));
    expect(await once(other, 'exit')).toEqual([64, null]);
    expect(text).toContain('platform');
  });
});
