import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parse } from 'yaml';

import { catalogue, type ErrorCode } from '@libs/errors';

import { flags } from '../../apps/gateway/src/request/flag.js';
import { errorsPage } from './errors.js';

const read = (file: string): string => readFileSync(file, 'utf8');
const codes = Object.keys(catalogue) as ErrorCode[];

const ofTests = /\.(?:spec|fixture)\.ts$|\/(?:test|generated)\//;
/** Where the codes are listed and nothing is refused. */
const lists = new Set(['libs/errors/src/catalogue.ts', 'libs/errors/src/problem-schema.ts', 'apps/gateway/src/request/flag.ts']); // prettier-ignore
const sources = globSync('{apps,libs}/**/*.ts')
  .filter((file) => !ofTests.test(file) && !lists.has(file))
  .map(read)
  .join('\n');

const isQuoted = (name: string): boolean => sources.includes(`'${name}'`) || sources.includes(`"${name}"`);
const isField = (name: string): boolean => new RegExp(`\\b${name}\\??: `).test(sources);

const example = parse(read('config/gateway.example.yaml')) as unknown;
const settings = new Set([...read('docs/configuration.md').matchAll(/^`([A-Z0-9_]+)`/gm)].map(([, name]) => name));
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
const called = new Set(
  ['openapi', 'management'].flatMap((name) => {
    const { paths } = JSON.parse(read(`docs/api/${name}.json`)) as { paths: Record<string, object> };
    return Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
  }),
);

/** An option of the gateway; `*` is any element of a list, or anything by any name. */
function hasOption(value: unknown, [first, ...rest]: readonly string[]): boolean {
  if (first === undefined) return true;
  if (typeof value !== 'object' || value === null) return false;
  if (first === '*') return Object.values(value).some((element) => hasOption(element, rest));
  return Object.hasOwn(value, first) && hasOption((value as Record<string, unknown>)[first], rest);
}

/** Each kind of name that a text may have in backticks: how it is written, and whether there is such a thing. */
const kinds: readonly { readonly written: RegExp; readonly exists: (name: string) => boolean }[] = [
  { written: /^npm run /, exists: (name) => scripts[name.split(' ')[2] ?? ''] !== undefined },
  { written: /^curl /, exists: () => true },
  { written: /^(?:manage )?(?:GET|POST|PUT|PATCH|DELETE) \//, exists: (name) => called.has(name.replace('manage ', '')) }, // prettier-ignore
  { written: /^\//, exists: (name) => isServed(name) },
  { written: /^[A-Z][A-Z_]+$/, exists: (name) => settings.has(name) },
  { written: /^[A-Z][A-Za-z]*(?:-[A-Z][A-Za-z]*)*$/, exists: (name) => isHeader(name) || isHeader(name.toLowerCase()) },
  { written: /^%[0-9A-F]{2}$/, exists: () => true },
  { written: /^(?:gateway|clock|health|grpc)_/, exists: (name) => isFlag(name) || isMetric(name) },
  { written: /^stepUp(?:\.|$)|^challenge$/, exists: (name) => name.split('.').every(isField) },
  { written: /^[a-z]+[a-zA-Z]*(?:\.(?:\*|[a-zA-Z]+))+$/, exists: (name) => hasOption(example, name.split('.')) || isQuoted(name) }, // prettier-ignore
  {
    written: /^[a-z]/,
    exists: (name) => isFlag(name) || isQuoted(name) || isField(name) || hasOption(example, [name]),
  },
];

const isHeader = (name: string): boolean => isQuoted(name) || isField(name);

const isFlag = (name: string): boolean => name !== '' && (flags as readonly string[]).includes(name);

function isMetric(name: string): boolean {
  return isQuoted(name) && read('docs/operations.md').includes(name);
}

/** Of the actuators and probes, or of what operators call: as the controllers have it. */
function isServed(path: string): boolean {
  const asWritten = path.slice(1).replaceAll(/\{(\w+)\}/g, ':$1');
  return isQuoted(asWritten) || read('docs/operations.md').includes(`\`${path}\``);
}

const named = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
const isThere = (name: string): boolean => kinds.find(({ written }) => written.test(name))?.exists(name) === true;

describe('what docs/errors.md tells of a code', () => {
  it.each(codes)('%s: names only what there is', (code) => {
    const { cause, check } = catalogue[code];
    expect(named(`${cause} ${check}`).filter((name) => !isThere(name))).toEqual([]);
  });

  it.each(codes)('%s: calls a flag only what is one, and leads to pages that there are', (code) => {
    const { check } = catalogue[code];
    const told = [...check.matchAll(/\bflag(?: of the gateway)?(?: is(?: not)?| tells which:)? ((?:(?:,? or |, )?`[a-z_]+`)+)/g)]; // prettier-ignore
    expect(told.flatMap(([, names = '']) => named(names)).filter((name) => !isFlag(name))).toEqual([]);
    const pages = [...check.matchAll(/\]\(([^)#]+)/g)].map(([, page = '']) => join('docs', page));
    expect(pages.filter((page) => !existsSync(page))).toEqual([]);
  });

  it.each(['no_such_flag', 'gateway_no_such_total', 'NO_SUCH_SETTING', 'limits.noSuchOption', 'GET /no/such', '/no/such', 'X-No-Such', ['npm', 'run', 'no-such'].join(' ')])('would not pass `%s`', (name) => {
    expect(isThere(name)).toBe(false);
  }); // prettier-ignore

  it('has no code that nothing answers', () => {
    const thrown = sources.replaceAll(/@ApiRefusal\([^)]*\)/g, '');
    expect(codes.filter((code) => !thrown.includes(`'${code}'`))).toEqual([]);
  });

  it('has a section for each of them, with all three parts', () => {
    const [, ...sections] = errorsPage().split(/^## /m);
    expect(sections.map((section) => section.split('\n', 1)[0])).toEqual(codes);
    for (const section of sections)
      expect(section).toMatch(/\n- \*\*Cause:\*\* .*\n- \*\*Check:\*\* .*\n- \*\*Remedy:\*\* /);
  });
});
