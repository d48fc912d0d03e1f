import { jest } from '@jest/globals';

import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';

import { EmbeddedStack } from './support/stack.js';

jest.setTimeout(90_000);

const page = readFileSync('docs/accounts.md', 'utf8');
const blocks = [...page.matchAll(/```sh\n([^]*?)```/g)].map(([, lines = '']) => lines);

/** What an app shows for `$SECRET`: now, and then `steps` of 30 seconds later, because each code is good once. */
const shown = (steps: number): string => {
  const program =
    `import { Secret, TOTP } from 'otpauth'; const secret = Secret.fromBase32(process.env.SECRET);` +
    `console.log(new TOTP({ secret }).generate({ timestamp: Date.now() + ${steps * 30_000} }))`;
  return `CODE=$(SECRET=$SECRET "${process.execPath}" --input-type=module -e "${program}")`;
};

describe('the lines of docs/accounts.md', () => {
  let stack: EmbeddedStack;
  beforeAll(async () => {
    stack = await EmbeddedStack.create();
    await stack.start();
  });
  afterAll(() => stack?.dispose());

  it('work as pasted', async () => {
    let codes = 0;
    const script = blocks
      .join('\n')
      .replace('http://localhost:8080', stack.gateways[0] as string)
      .replaceAll('.data/mail', `${stack.dataDir}/mail`)
      .replaceAll('CODE=000000', () => shown(codes++));
    const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', script]);
    expect(stdout.trim().split('\n')).toEqual([
      '204 the password is changed',
      '204 the address is confirmed',
      expect.stringMatching(/^\{"email":"carol@example\.com","verified":true,"verifiedAt":"[^"]+"\}$/),
      '202 a letter is on its way',
      '204 the password is new',
      expect.stringMatching(/^\{"totp":\{"confirmedAt":"[^"]+"\},"passkeys":0,"recoveryCodesLeft":10\}$/),
      '204 the app is removed',
      expect.stringMatching(/^\{"items":\[\{"id":"[^"]+","event":"totp\.removed",.*\],"nextPageToken":"[^"]+"\}$/),
    ]);
  });
});
