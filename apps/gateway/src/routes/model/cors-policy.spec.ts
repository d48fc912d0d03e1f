import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parse } from 'yaml';

import { cors } from '../../configuration/schema/cors.schema.js';
import { CorsPolicy } from './cors-policy.js';

const folder = join(import.meta.dirname, 'cors-policy.cases');

/** `answer` or `preflight`, and an origin or nothing. */
function headersFor(policy: CorsPolicy, request: string): string {
  const [kind, origin] = request.split(' ');
  const answer: Record<string, string> = {};
  const headers = origin === undefined ? {} : { origin };
  if (kind === 'preflight') policy.dressPreflight(answer, headers);
  else policy.dress(answer, headers);
  return Object.entries(answer)
    .map(([name, value]) => `  ${name}: ${value}`)
    .join('\n');
}

describe('CorsPolicy', () => {
  it.each(readdirSync(folder))('%s', (file) => {
    const [config = '', outcomes = ''] = readFileSync(join(folder, file), 'utf8').trimEnd().split('\n----\n');
    const policy = new CorsPolicy(cors.parse(parse(config)), ['GET', 'POST']);
    const requests = outcomes.split('\n').filter((line) => !line.startsWith(' '));
    const seen = requests.map((request) => [request, headersFor(policy, request)].filter(Boolean).join('\n'));
    expect(seen.join('\n')).toBe(outcomes);
  });

  it.each([
    { what: 'everybody', policy: { origins: ['*'] }, at: 'origins' },
    { what: 'any header', policy: { headers: ['*'] }, at: 'headers' },
    { what: 'all that can be read', policy: { expose: ['*'] }, at: 'expose' },
  ])('does not take $what with credentials', ({ policy, at }) => {
    const result = cors.safeParse({ origins: ['https://a.example'], credentials: true, ...policy });
    expect(result.error?.issues.map(({ path }) => path.join('.'))).toEqual([at]);
  });

  it.each([
    'app.example.com',
    'https://app.example.com/',
    'https://App.example.com',
    'https://app.example.com:443',
    'https://*',
    'https://app.*.com',
    'https://app.example.com:*/x',
    'file://x',
    'javascript://x',
    'capacitor://localhost/path',
    'capacitor://',
    'null',
    '',
  ])('does not take %j as an origin', (origin) => {
    expect(cors.safeParse({ origins: [origin] }).success).toBe(false);
  });
});
