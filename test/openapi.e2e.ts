import { jest } from '@jest/globals';

import { execFileSync, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { DescribedApi, DescribedClient, describedFetch } from './support/described-api.js';
import { aPerson } from './support/flow.js';
import { EmbeddedStack } from './support/stack.js';
import { theWholeFlow } from './support/whole-flow.js';

jest.setTimeout(120_000);

/** Not to be compiled with the rest: the types that it imports are made here. */
const flow: string = './typed-client/flow.js';

describe('a client that openapi-typescript makes of the description', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-client-'));
  beforeAll(() => {
    const generator = 'node_modules/openapi-typescript/bin/cli.js';
    // Who sends nothing where there is a default has it: fields with one may be left out.
    const options = ['-o', join(folder, 'api.ts'), '--default-non-nullable=false'];
    execFileSync(process.execPath, [generator, 'docs/api/openapi.json', ...options], { stdio: 'pipe' });
    cpSync('test/typed-client/flow.ts', join(folder, 'flow.ts'));
    symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
    const compilerOptions = {
      target: 'es2024',
      module: 'nodenext',
      strict: true,
      noUncheckedIndexedAccess: true,
      noUnusedLocals: true,
      skipLibCheck: true,
      noEmit: true,
      types: ['node'],
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is typed so that a program which goes through the whole API compiles, and mistakes do not', () => {
    const { stdout, status } = spawnSync(
      process.execPath,
      [resolve('node_modules/typescript-7/bin/tsc'), '-p', folder],
      {
        encoding: 'utf8',
      },
    );
    expect({ stdout, status }).toEqual({ stdout: '', status: 0 });
  });
});

describe('what the platform answers', () => {
  const api = new DescribedApi();
  let stack: EmbeddedStack;
  let client: DescribedClient;
  beforeAll(async () => {
    stack = await EmbeddedStack.create();
    await stack.start();
    client = new DescribedClient(stack.gateways[0] as string, api);
  });
  afterAll(async () => {
    await client?.close();
    await stack?.dispose();
  });

  describe('to a client as customers write them', () => {
    theWholeFlow(() => client);
  });

  it('is what a generated client expects, second factor and all', async () => {
    const { goThroughTheFlow } = (await import(flow)) as {
      goThroughTheFlow: (baseUrl: string, fetch: typeof globalThis.fetch, name: string) => Promise<unknown>;
    };
    const outcome = await goThroughTheFlow(stack.gateways[0] as string, describedFetch(api), 'typed-alice');
    expect(outcome).toEqual({
      codes: [
        'AUTH_LOGIN_FAILED',
        'AUTH_SECOND_FACTOR_REQUIRED',
        'AUTH_STEP_UP_REQUIRED',
        'RESOURCE_CHANGED',
        'REQUEST_INVALID',
        'WRONG_TYPE',
        'RESOURCE_CONFLICT',
        'RESOURCE_NOT_FOUND',
      ],
      methods: ['totp', 'recovery-code', 'totp', 'recovery-code'],
      projects: ['cedar', 'birch', 'ash'],
      statuses: ['running', 'stopped', 'running'],
    });
  });

  it('is told to callers whom each operation refuses, too', async () => {
    const { token, tenantId } = await aPerson(client, 'sweeper');
    const other = await aPerson(client, 'other');
    // What ends the tenant or the session comes last.
    const last = ['deleteTenant', 'logout'];
    const calls = api.calls.toSorted((one, two) => last.indexOf(one.id) - last.indexOf(two.id));
    for (const { method, path, isClosed } of calls) {
      const asked = path.replaceAll('{id}', path.startsWith('/tenants/') ? tenantId : randomUUID());
      const address = asked.replaceAll(/\{\w+\}/g, randomUUID());
      const hasBody = method !== 'GET' && method !== 'DELETE';
      const wrong = {
        headers: { 'idempotency-key': 'two words', 'if-match': '3' },
        ...(hasBody ? { body: { x: 1 } } : {}),
      };
      expect([path, (await client.call(method, address, wrong)).status]).toEqual([
        path,
        isClosed ? 401 : expect.any(Number),
      ]);
      if (!isClosed) continue;
      expect([path, (await client.call(method, address, { token, tenant: other.tenantId })).status]).toEqual([
        path,
        403,
      ]);
      await client.call(method, `${address}?x=1`, { token, ...wrong });
      await client.call(method, address, { token, headers: { 'if-match': '"77"' }, ...(hasBody ? { raw: 'x' } : {}) });
      await client.call(method, address, { token, headers: { 'if-match': '"77"', 'idempotency-key': randomUUID() } });
    }
    const answered = new Set([...api.seen].map((call) => call.split(' ', 1)[0]));
    expect(api.calls.filter(({ id }) => !answered.has(id))).toEqual([]);
  });

  it('is described: every status, every header field and every field of a body', () => {
    expect([...api.silent]).toEqual([]);
    for (const call of ['login 200', 'login 401', 'completeLogin 200', 'stepUp 200', 'createProject 422']) {
      expect(api.seen).toContain(call);
    }
  });
});
