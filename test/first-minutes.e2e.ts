import { jest } from '@jest/globals';

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describeWith, until } from '@libs/testing';

import { built } from './support/built.js';
import { readMetric } from './support/prometheus.js';
import { DistributedStack, EmbeddedStack, type Stack } from './support/stack.js';

jest.setTimeout(120_000);

/** How often the other services have asked for what has ended: they do when nothing happens, too. */
const pollsAt = (stack: Stack): Promise<number> =>
  readMetric(`http://127.0.0.1:${stack.ports('tenant-service').management}`, 'grpc_server_requests_seconds_count', {
    method: '/gatehouse.tenant.v1.TenantEndingService/ListEndings',
  });

const logged = (stack: Stack): { level: string; msg?: string }[] =>
  stack
    .output()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as { level: string });

/** What is logged until everybody has looked around twice more. */
async function saidWhileIdle(stack: Stack): Promise<unknown[]> {
  // What follows from the start itself, the account of the administrator for instance, comes to an end first.
  const begun = await pollsAt(stack);
  await until(
    () => pollsAt(stack),
    (polls) => polls >= begun + 3,
    60_000,
  );
  const before = logged(stack).length;
  // Whoever supervises it looks as well.
  for (const gateway of stack.gateways) {
    for (const probe of ['/health', '/ready']) expect((await fetch(`${gateway}${probe}`)).status).toBe(200);
  }
  const settled = await pollsAt(stack);
  await until(
    () => pollsAt(stack),
    (polls) => polls >= settled + 3,
    60_000,
  );
  return logged(stack).slice(before);
}

describe('the first minutes', () => {
  let stack: EmbeddedStack;
  const children: ChildProcess[] = [];
  let occupier: Server | undefined;

  beforeEach(async () => void (stack = await EmbeddedStack.create({ LOG_LEVEL: 'info' })));
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    occupier?.close();
    await stack.dispose();
  });

  it('have no warning, and where nothing happens nothing is said', async () => {
    await stack.start();
    expect(await saidWhileIdle(stack)).toEqual([]);
    expect(logged(stack).filter(({ level }) => level !== 'info')).toEqual([]);
    expect(stack.output()).not.toMatch(/warning/i);
  });

  /** Everything it says, and the last line of it, when it has ended by itself. */
  async function failedStart(
    environment: Record<string, string>,
  ): Promise<{ said: string; code: number; last: string }> {
    const { PATH, HOME } = process.env;
    const child = spawn(process.execPath, [built('apps/platform/src/main.js')], {
      env: { PATH, HOME, ...stack.environment, ...environment },
    });
    children.push(child);
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number];
    return { said, code, last: said.trimEnd().split('\n').at(-1) ?? '' };
  }

  it.each([
    ['a wrong setting', { DRAIN_DELAY: 'soon' }, 78, /DRAIN_DELAY: must be a duration/],
    ['no configuration', { GATEWAY_CONFIG: '/nowhere/gateway.yaml' }, 78, /gateway\.yaml: there is no such file/],
    ['no folder for data', { DATA_DIR: '/dev/null' }, 1, /DATA_DIR says where/],
  ] as const)('end with the reason as the last line: %s', async (_, environment, exitCode, reason) => {
    const { code, last } = await failedStart(environment);
    expect(last).toMatch(reason);
    expect(code).toBe(exitCode);
  });

  it('end with the reason as the last line: another Gatehouse runs on the folder, which goes on', async () => {
    await stack.start();
    const { code, last } = await failedStart({});
    expect(last).toMatch(/another Gatehouse runs on the folder .*DATA_DIR/);
    expect(code).toBe(1);
    expect((await fetch(`${stack.gateways[0]}/ready`)).status).toBe(200);
    await stack.kill();
    await stack.start();
  });

  it('show the password of the administrator at the first start that succeeds, once, and where it is kept', async () => {
    await stack.dispose();
    stack = await EmbeddedStack.create({ ADMIN_PASSWORD: '' });
    occupier = createServer().listen(Number(stack.environment['GATEWAY_PORT']), '127.0.0.1');
    await once(occupier, 'listening');
    expect((await failedStart({})).said).not.toContain('with the password');
    occupier.close();
    await stack.start();
    const [, password, file] = /with the password (\S+)\n.*kept in (\S+)\. /.exec(stack.output()) ?? [];
    expect(readFileSync(file ?? '', 'utf8').trim()).toBe(password);
    await stack.stop();
    await stack.start();
    expect(stack.output()).not.toContain('with the password');
  });

  it('end with the reason as the last line: a port that is taken', async () => {
    occupier = createServer().listen(Number(stack.environment['GATEWAY_PORT']), '127.0.0.1');
    await once(occupier, 'listening');
    const { code, last, said } = await failedStart({});
    expect(last).toMatch(/another process listens there/);
    expect(code).toBe(1);
    // The services had started by then, and said that they stop: before the reason.
    expect(said).toContain('stopping');
  });

  it('name every mistake in the environment at once, whichever app it concerns, and before anything is made', async () => {
    const wrong = { GATEWAY_PORT: '99999', LOG_LEVEL: 'loud', ENCRYPTION_KEY: 'short', REFRESH_TOKEN_LIFETIME: 'long' };
    const { said, code } = await failedStart({ ...wrong, DATABSE_URL: 'mysql://db/gatehouse' });
    expect(code).toBe(78);
    const lines = said.split('\n').filter((line) => line.startsWith('  '));
    for (const name of Object.keys(wrong)) {
      expect(lines.filter((line) => line.startsWith(`  ${name}: `))).toHaveLength(1);
    }
    expect(said).toContain('  DATABSE_URL: is no setting, and is not read: is DATABASE_URL meant?');
    expect(said).not.toContain('mysql://db');
    expect(lines).toHaveLength(5);
  });

  it('name a variable that looks like a setting and is none, and go on', async () => {
    await stack.dispose();
    stack = await EmbeddedStack.create({ REDIS_URI: 'redis://127.0.0.1' });
    await stack.start();
    expect(stack.output().match(/REDIS_URI is no setting, and is not read: is REDIS_URL meant\?/g)).toHaveLength(1);
  });
});

describeWith(['script'], 'a person at a terminal', () => {
  let stack: EmbeddedStack;
  let child: ChildProcess | undefined;

  beforeEach(async () => void (stack = await EmbeddedStack.create({ LOG_LEVEL: 'info' })));
  afterEach(async () => {
    child?.kill('SIGKILL');
    await stack.dispose();
  });

  it('reads lines that people read, and a program reads JSON', async () => {
    const run = join(stack.dataDir, 'run.sh');
    writeFileSync(run, `exec ${process.execPath} ${built('apps/platform/src/main.js')}\n`);
    child = spawn('script', ['--quiet', '--flush', '--command', `sh ${run}`, '/dev/null'], {
      env: { PATH: process.env['PATH'], TERM: 'xterm', NO_COLOR: '1', ...stack.environment },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    let said = '';
    child.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await until(
      () => said,
      (text) => text.includes('Gatehouse is open at'),
      60_000,
    );
    await fetch(`${stack.gateways[0]}/public/status`);
    await until(
      () => said,
      (text) => /gateway: GET \/public\/status 200 in [\d.]+ ms/.test(text),
    );
    expect(said).toMatch(/^\[\d\d:\d\d:\d\d\] INFO: tenant-service Service: started /m);
    expect(said).not.toContain('{"level"');
    // Ctrl-C
    child.stdin?.write('\u0003');
    await once(child, 'exit');

    await stack.start();
    const lines = stack
      .output()
      .split('\n')
      .filter((line) => line.includes('"Service"'));
    expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toContain('started');
  });
});

describeWith(['mariadbd', 'redis-server'], 'a stack on MariaDB and Redis', () => {
  let stack: DistributedStack;

  beforeAll(async () => {
    stack = await DistributedStack.create(2);
    await stack.start();
  });
  afterAll(() => stack?.dispose());

  it('says nothing while nothing happens', async () => {
    expect(await saidWhileIdle(stack)).toEqual([]);
  });
});
