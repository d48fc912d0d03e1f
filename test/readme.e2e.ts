import { jest } from '@jest/globals';

import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';

import { EmbeddedStack } from './support/stack.js';

jest.setTimeout(60_000);

const readme = readFileSync('README.md', 'utf8');
const [firstFiveMinutes = ''] = [...readme.matchAll(/```sh\n([^]*?)```/g)].map(([, lines]) => lines);

describe('the first five minutes of the README', () => {
  let stack: EmbeddedStack;
  beforeAll(async () => {
    stack = await EmbeddedStack.create();
    await stack.start();
  });
  afterAll(() => stack?.dispose());

  it('work as pasted', async () => {
    expect(firstFiveMinutes).toContain('GATEWAY=http://localhost:8080');
    const script = firstFiveMinutes
      .replace('http://localhost:8080', stack.gateways[0] as string)
      // Each answer with its status.
      .replaceAll(String.raw`curl -sw '\n'`, String.raw`curl -sw ' %{http_code}\n'`);
    const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', script]);
    const statuses = [...stdout.matchAll(/ (\d{3})$/gm)].map(([, status]) => Number(status));
    expect(statuses).toEqual([201, 200, 200, 200, 200, 200, 204, 401]);
    expect(stdout).toContain('"username":"alice"');
    expect(stdout).toContain('"description":"on the rock"');
    expect(stdout).toContain('"code":"AUTH_CREDENTIALS_REJECTED"');
  });
});
