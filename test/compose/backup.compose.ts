import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

import { jest } from '@jest/globals';

import { type Client, type Answer } from '../support/client.js';
import { aPerson, expectStatus } from '../support/flow.js';
import { aClient, compose, projectName, services, untilHealthy } from './compose-stack.js';

jest.setTimeout(300_000);

/** The commands below a heading of docs/operations.md, as they stand there. */
function commandsOf(heading: string): string[] {
  const page = readFileSync('docs/operations.md', 'utf8');
  const [, after = ''] = page.split(`\n## ${heading}\n`);
  const [section = ''] = after.split('\n## ');
  return [...section.matchAll(/^```sh\n(.*?)^```/gms)].map(([, commands = '']) => commands);
}

describe('a backup that is made and restored as docs/operations.md says', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-backup-'));
  const env = { ...process.env, COMPOSE_FILE: resolve('docker-compose.yml'), COMPOSE_PROJECT_NAME: projectName };
  const paste = (commands: string) =>
    promisify(execFile)('bash', ['-e', '-o', 'pipefail', '-c', commands], { cwd: folder, env });
  let client: Client;

  beforeAll(async () => {
    await untilHealthy();
    client = await aClient();
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await compose('up', '-d', '--wait');
    await client?.close();
  });

  it('has all that was there, nothing that came later, and nobody who is logged in', async () => {
    const [backUp = '', restore = ''] = commandsOf('Back up and restore');
    const person = await aPerson(client);
    const project = (name: string): Promise<Answer> =>
      client.post('/projects', { token: person.token, body: { name } });
    expectStatus(await project('before'), 201);
    await paste(backUp);
    expectStatus(await project('after'), 201);

    await compose('stop', 'nginx', 'gateway-1', 'gateway-2', ...services);
    await paste(restore);

    expect((await client.get('/projects', { token: person.token })).status).toBe(401);
    const login = { login: person.username, password: person.password };
    const { body } = expectStatus(await client.post('/auth/login', { body: login }), 200);
    const found = expectStatus(await client.get('/projects', { token: body.accessToken }), 200);
    expect(found.body.items.map(({ name }: { name: string }) => name)).toEqual(['before']);
  });
});
