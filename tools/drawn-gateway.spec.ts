import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const root = 'apps/gateway/src';
const folderOf = (file: string): string => relative(root, dirname(file));

const sources = globSync(`${root}/*/**/*.ts`).filter((file) => !/\.(spec|fixture)\.ts$/.test(file));

/** `a/{b,c}` is `a/b` and `a/c`. */
function spelledOut(word: string): string[] {
  const [, before, inner, after] = /^(.*)\{(.*)\}(.*)$/.exec(word) ?? [];
  return inner === undefined ? [word] : inner.split(',').map((each) => `${before}${each}${after}`);
}

const folders = new Set(sources.map(folderOf));

/** From top to bottom, and from left to right; what is no folder says what the line is about. */
const drawn = (
  /only what stands to its right:\n\n```\n([^]*?)```/.exec(readFileSync('ARCHITECTURE.md', 'utf8'))?.[1] ?? ''
)
  .split('\n')
  .flatMap((line) => line.split(/ {5,}/, 1))
  .flatMap((line) => line.trim().split(/ +/))
  .filter((word) => word !== '')
  .flatMap(spelledOut);

/** What stands above and is needed by what stands below; types count. */
const upward = sources.flatMap((file) =>
  [...readFileSync(file, 'utf8').matchAll(/from '(\.\.?\/[^']*)'/g)]
    .map(([, path = '']) => ({ from: folderOf(file), to: folderOf(join(dirname(file), path)) }))
    .filter(({ from, to }) => from !== to && drawn.indexOf(from) >= drawn.indexOf(to))
    .map(({ from, to }) => `${from} → ${to} (${file})`),
);

describe('the drawing of the gateway in ARCHITECTURE.md', () => {
  it('has every folder once', () => {
    expect(drawn.toSorted()).toEqual([...folders].toSorted());
    expect(drawn.length).toBeGreaterThan(40);
  });

  it('is read from the bottom: nothing needs what stands above it or to its left', () => {
    expect(upward).toEqual([]);
  });
});
