import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { check } from './check.js';
import { type CommandLine, readCommandLine } from './command-line.js';
import type { Console } from './console.js';
import { diff } from './diff.js';
import { explain } from './explain.js';

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-command-'));
afterAll(() => rmSync(folder, { recursive: true }));

const file = (name: string, ...lines: string[]): string => {
  const path = join(folder, name);
  writeFileSync(path, lines.join('\n'));
  return path;
};

const issuers = 'authentication: { jwt: { issuers: [{ issuer: a, audience: b, jwksUrl: http://127.0.0.1:1/keys }] } }';

const good = file(
  'good.yaml',
  issuers,
  'rateLimits: { by-user: { key: user, quota: 10, window: 90s } }',
  'services:',
  '  shop: { balance: round-robin, instances: [{ url: http://127.0.0.1:4000 }, { url: http://127.0.0.1:4001 }] }',
  'routes:',
  '  - { id: shop, path: /shop/**, service: shop, rateLimits: [by-user] }',
  '  - { id: item, path: "/shop/{item}", service: shop, rewrite: "/items/{item}", methods: [GET] }',
  '  - { id: other-host, host: b.example, path: /shop/**, service: shop }',
);
const bad = file(
  'bad.yaml',
  'listen: { port: much }',
  'routes:',
  '  - { id: a, path: /a, service: gone }',
  '  - { id: b, path: no-slash, service: gone, extra: 1 }',
);

type Command = (line: CommandLine, console: Console) => number | Promise<number>;

async function run(command: Command, ...args: string[]) {
  const printed: string[] = [];
  const complaints: string[] = [];
  const code = await command(readCommandLine(args), {
    environment: { GATEWAY_CONFIG: good, DATA_DIR: folder },
    print: (line) => void printed.push(line),
    complain: (line) => void complaints.push(line),
  });
  return { code, printed, complaints, text: printed.join('\n') };
}

describe('check', () => {
  it('finds nothing wrong with what is right', async () => {
    expect(await run(check, 'check')).toMatchObject({
      code: 0,
      printed: [`${good}: 3 routes, 1 services, 1 limits, no mistakes`],
    });
  });

  it('prints every mistake with its place, and ends with 1', async () => {
    const { code, printed } = await run(check, 'check', good, bad);
    expect(code).toBe(1);
    expect(printed.slice(1)).toEqual([
      expect.stringContaining(`${bad}:1:11 listen.port: `),
      `${bad}:3:24 routes.0.service: there is no service called gone`,
      expect.stringContaining(`${bad}:4:14 routes.1.path: `),
      `${bad}:4:30 routes.1.service: there is no service called gone`,
      `${bad}:4:45 routes.1.extra: is not a known key`,
    ]);
  });

  const strange = file('strange.yaml', 'services: { shop: { instances: [{ url: http://127.0.0.1:4000 }] } }');
  const contradictory = file(
    'contradictory.yaml',
    'services: { shop: { instances: [{ url: http://127.0.0.1:4000 }] } }',
    'routes: [{ id: a, path: /a, service: shop, access: { methods: [jwt] } }]',
  );

  it('warns of what is only strange, and ends with 0', async () => {
    expect(await run(check, 'check', strange)).toMatchObject({
      code: 0,
      printed: [
        expect.stringMatching(/strange\.yaml:1:13 services\.shop: warning: /),
        `${strange}: 0 routes, 1 services, 0 limits, no mistakes, 1 warning`,
      ],
    });
  });

  it('takes it for a mistake with --strict', async () => {
    const { code, printed } = await run(check, 'check', strange, '--strict');
    expect({ code, printed }).toEqual({
      code: 1,
      printed: [expect.stringMatching(/strange\.yaml:1:13 services\.shop: (?!warning)/)],
    });
  });

  it('names options that contradict each other, and ends with 1', async () => {
    const { code, printed } = await run(check, 'check', contradictory);
    expect({ code, printed }).toEqual({
      code: 1,
      printed: [expect.stringMatching(/contradictory\.yaml:2:\d+ routes\.0\.access\.methods: lets nobody in/)],
    });
  });

  it('finds nothing strange in what the stack runs', async () => {
    const stack = join(import.meta.dirname, '../../../../../config/gateway.yaml');
    expect(await run(check, 'check', stack, '--strict')).toMatchObject({ code: 0, printed: { length: 1 } });
  });

  it('says so when there is no such file', async () => {
    const { code, text } = await run(check, 'check', join(folder, 'none.yaml'));
    expect({ code, text }).toEqual({ code: 1, text: `${join(folder, 'none.yaml')}: there is no such file` });
  });
});

describe('diff', () => {
  it('tells what would change from one file to the other', async () => {
    const next = file(
      'next.yaml',
      issuers,
      'rateLimits: { by-user: { key: user, quota: 10, window: 2m } }',
      'services: { shop: { balance: round-robin, instances: [{ url: http://127.0.0.1:4000, weight: 2 }] } }',
      'routes: [{ id: shop, path: /shop/**, service: shop, rateLimits: [by-user] }]',
    );
    const { code, printed } = await run(diff, 'diff', good, next);
    expect(code).toBe(1);
    expect(printed).toEqual([
      '~ rateLimits.by-user.window: 90s -> 2m',
      '~ services.shop.instances[http://127.0.0.1:4000].weight: 1 -> 2',
      expect.stringMatching(/^- services\.shop\.instances\[http:\/\/127\.0\.0\.1:4001\]: /),
      expect.stringMatching(/^- routes\.item: /),
      expect.stringMatching(/^- routes\.other-host: /),
    ]);
  });

  it('ends with 0 where nothing would change, and with 2 where a file is not right', async () => {
    expect(await run(diff, 'diff', good, good)).toMatchObject({ code: 0, printed: ['no difference'] });
    expect(await run(diff, 'diff', good, bad)).toMatchObject({ code: 2, printed: [], complaints: { length: 5 } });
  });

  it('says in a line why the gateway that runs cannot be asked', async () => {
    await expect(run(diff, 'diff', good, '--gateway', 'http://127.0.0.1:1')).rejects.toMatchObject({ exitCode: 64 });
  });
});

describe('explain', () => {
  it('names the route that wins, those that lose, and why', async () => {
    const { code, text } = await run(explain, 'explain', 'get', 'http://a.example/shop/7?x=1');
    expect(code).toBe(0);
    expect(text).toContain('GET /shop/7?x=1 at a.example');
    expect(text).toMatch(/> item is the most specific/);
    expect(text).toMatch(/ {4}shop would take it, but item names the path more closely/);
    expect(text).toMatch(/other-host .*b\.example/);
    expect(text).toContain('service shop sees /items/7');
    expect(text).toMatch(/instance http:\/\/127\.0\.0\.1:400[01] \(round-robin, 2 known\)/);
  });

  it('goes by headers, too', async () => {
    const { text } = await run(explain, 'explain', 'GET', '/shop', '-H', 'Host: b.example');
    expect(text).toMatch(/> other-host/);
    expect((await run(explain, 'explain', 'POST', '/shop/a/b')).text).toContain('by-user');
  });

  it('ends with 1 where no route takes it', async () => {
    expect(await run(explain, 'explain', 'GET', '/nowhere')).toMatchObject({
      code: 1,
      text: expect.stringContaining('404'),
    });
    expect(await run(explain, 'explain', 'GET', '/shop/%00')).toMatchObject({
      code: 1,
      text: expect.stringContaining('400'),
    });
  });

  it('can be read by programs', async () => {
    const { text } = await run(explain, 'explain', 'GET', '/shop/7', '--json');
    expect(JSON.parse(text)).toMatchObject({ upstream: { service: 'shop', path: '/items/7' } });
  });
});

describe('the command line', () => {
  it.each([{ args: ['chek'] }, { args: ['my.yaml'] }, { args: ['--confg', 'x'] }, { args: ['serve', 'my.yaml'] }])(
    'refuses $args with 64',
    ({ args }) => {
      expect(() => readCommandLine(args)).toThrow(expect.objectContaining({ exitCode: 64 }));
    },
  );

  it('serves unless told otherwise', () => {
    expect(readCommandLine([])).toMatchObject({ command: 'serve', config: undefined });
    expect(readCommandLine(['--config', 'x.yaml'])).toMatchObject({ command: 'serve', config: 'x.yaml' });
  });
});
