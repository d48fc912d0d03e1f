import { z } from 'zod';

import { ConfigError } from './config-error.js';
import { parseYaml, readYaml } from './parse-yaml.js';

const schema = z.strictObject({
  listen: z.strictObject({ host: z.string(), port: z.int().max(65_535) }),
  routes: z
    .array(z.strictObject({ id: z.string(), methods: z.array(z.enum(['GET', 'POST'])).default([]) }))
    .default([]),
  isOpen: z.boolean().default(false),
  balance: z
    .union([z.literal('random'), z.strictObject({ hash: z.strictObject({ header: z.string() }) })])
    .default('random'),
});

const read = (text: string, env: Record<string, string> = {}) =>
  parseYaml(text, schema, { source: 'gateway.yaml', env });

const mistakesIn = (text: string, env: Record<string, string> = {}): string[] => {
  try {
    read(text, env);
  } catch (error) {
    if (error instanceof ConfigError)
      return error.message
        .split('\n')
        .slice(1)
        .map((line) => line.trim());
    throw error;
  }
  return [];
};

const listen = 'listen: { host: a, port: 80 }';

describe('parseYaml', () => {
  it('reads and completes a document', () => {
    expect(read(`${listen}\nroutes:\n  - id: projects\n    methods: [GET]\n`)).toEqual({
      listen: { host: 'a', port: 80 },
      routes: [{ id: 'projects', methods: ['GET'] }],
      isOpen: false,
      balance: 'random',
    });
  });

  it('reports every mistake with its line, its column and its path', () => {
    const text = [
      'listen:',
      '  host: 7',
      '  prot: 80',
      'routes:',
      '  - id: a',
      '    methods: [GET, FETCH]',
      'extra: 1',
    ].join('\n');
    expect(mistakesIn(text)).toEqual([
      expect.stringMatching(/^gateway\.yaml:1:1 listen\.port: /),
      expect.stringMatching(/^gateway\.yaml:2:3 listen\.host: /),
      'gateway.yaml:3:3 listen.prot: is not a known key',
      expect.stringMatching(/^gateway\.yaml:6:20 routes\.0\.methods\.1: /),
      'gateway.yaml:7:1 extra: is not a known key',
    ]);
  });

  it('tells about the alternative that came closest', () => {
    expect(mistakesIn(`${listen}\nbalance:\n  hash: { heder: x-user }`)).toEqual([
      expect.stringMatching(/^gateway\.yaml:3:3 balance\.hash\.header: /),
      'gateway.yaml:3:11 balance.hash.heder: is not a known key',
    ]);
  });

  it.each([
    { when: 'broken', text: 'listen: [', mistake: /^gateway\.yaml:1:\d+: / },
    { when: 'a key twice', text: `${listen}\n${listen}`, mistake: /^gateway\.yaml:2:1: Map keys must be unique/ },
    { when: 'two documents', text: `${listen}\n---\n${listen}`, mistake: /^gateway\.yaml:\d:\d+: / },
    { when: 'empty', text: '', mistake: /^gateway\.yaml:1:1 listen: / },
    { when: 'only a comment', text: '# nothing', mistake: /^gateway\.yaml:1:\d+ listen: / },
    { when: 'a list', text: '- a', mistake: /^gateway\.yaml:1:1: / },
    { when: 'an alias to nowhere', text: `${listen}\nroutes: *none`, mistake: /^gateway\.yaml:2:9: / },
  ])('refuses a document that is $when', ({ text, mistake }) => {
    expect(mistakesIn(text)[0]).toMatch(mistake);
  });

  it('complains about one slip once for each line, and not without end', () => {
    const slip = '  - { id: /a/{b}, methods: [GET] }';
    expect(mistakesIn(`routes:\n${slip}`)).toHaveLength(1);
    expect(mistakesIn(`routes:\n${Array(50).fill(slip).join('\n')}`)).toHaveLength(10);
  });

  it('refuses aliases that multiply', () => {
    const levels = Array.from(
      { length: 12 },
      (_, n) => `l${n + 1}: &l${n + 1} [${Array(10).fill(`*l${n}`).join(',')}]`,
    );
    expect(mistakesIn(`l0: &l0 [a]\n${levels.join('\n')}`)[0]).toMatch(/alias/i);
  });
});

describe('references to the environment', () => {
  it('leaves alone what is escaped, wherever it stands', () => {
    const env = { HOST: 'a' };
    expect(read('listen: { host: $${HOST}, port: 80 }', env).listen.host).toBe('${HOST}');
    expect(read('listen: { host: "x-$${HOST:-b}-${HOST}", port: 80 }', env).listen.host).toBe('x-${HOST:-b}-a');
    expect(read('listen: { host: "$${not a name}$$", port: 80 }', env).listen.host).toBe('${not a name}$$');
    expect(read('listen: { host: "$HOST", port: 80 }', env).listen.host).toBe('$HOST');
  });

  it('are replaced, and mean what the text would have meant there', () => {
    const env = { HOST: 'db', PORT: '8443', OPEN: 'true' };
    expect(read('listen: { host: "${HOST}.local", port: ${PORT} }\nisOpen: ${OPEN}', env)).toMatchObject({
      listen: { host: 'db.local', port: 8443 },
      isOpen: true,
    });
    expect(read('listen: { host: "${PORT}", port: ${ABSENT:-80} }', env).listen).toEqual({ host: '8443', port: 80 });
  });

  it('cannot bring in structure', () => {
    expect(read('listen: { host: ${HOST:-x}, port: 80 }', { HOST: 'a, port: 1 }\nisOpen: true' })).toMatchObject({
      listen: { host: 'a, port: 1 }\nisOpen: true', port: 80 },
      isOpen: false,
    });
  });

  it('must be set, and all that are not are named with their place', () => {
    expect(mistakesIn('listen:\n  host: ${HOST}\n  port: ${PORT}')).toEqual([
      'gateway.yaml:2:9: the environment does not set HOST',
      'gateway.yaml:3:9: the environment does not set PORT',
    ]);
  });

  it('do not hide other mistakes, and are not counted twice', () => {
    expect(mistakesIn('listen:\n  host: a\n  port: ${PORT}\nextra: 1')).toEqual([
      'gateway.yaml:3:9: the environment does not set PORT',
      'gateway.yaml:4:1 extra: is not a known key',
    ]);
  });
});

describe('prepare', () => {
  const options = { source: 'x.yaml', env: {} };

  it('sees the plain value first, and may change it', () => {
    const prepare = (value: unknown) => ({ ...(value as object), isOpen: true });
    expect(parseYaml(listen, schema, { ...options, prepare })).toMatchObject({ isOpen: true });
  });

  it('reports its mistakes along with those of the schema', () => {
    const prepare = (value: unknown, report: (path: string[], message: string) => void) => {
      report(['listen', 'host'], 'is nobody');
      return value;
    };
    expect(() => parseYaml('listen:\n  host: a\n  port: x', schema, { ...options, prepare })).toThrow(
      /x\.yaml:2:3 listen\.host: is nobody\n.*x\.yaml:3:3 listen\.port: /,
    );
  });
});

describe('readYaml', () => {
  it('names a file that is not there', () => {
    expect(() => readYaml('/nowhere/gateway.yaml', schema)).toThrow('/nowhere/gateway.yaml: there is no such file');
  });
});
