import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const root = 'apps/auth-service/src';
const folderOf = (file: string): string => relative(root, file).split('/', 1)[0] ?? '';

const sources = globSync(`${root}/*/**/*.ts`).filter((file) => !/\.(spec|fixture)\.ts$/.test(file));
const folders = new Set(sources.map(folderOf).filter((folder) => folder !== 'database'));

/** From top to bottom; a word that is no folder says what the line is about. */
const drawn = (
  /as it is read from the bottom:\n\n```\n([^]*?)```/.exec(readFileSync('ARCHITECTURE.md', 'utf8'))?.[1] ?? ''
)
  .split('\n')
  .flatMap((line) => line.split(/ {4,}/, 1))
  .flatMap((line) => line.trim().split(/ +/))
  .filter((word) => word !== '');

/** What stands above and is needed by what stands below; types count. */
const upward = sources.flatMap((file) =>
  [...readFileSync(file, 'utf8').matchAll(/from '(\.\.[^']*)'/g)]
    .map(([, path = '']) => ({ from: folderOf(file), to: folderOf(join(dirname(file), path)) }))
    .filter(({ from, to }) => from !== to && from !== 'database')
    .filter(({ from, to }) => drawn.indexOf(from) >= drawn.indexOf(to))
    .map(({ from, to }) => `${from} → ${to} (${file})`),
);

describe('the drawing of auth-service in ARCHITECTURE.md', () => {
  it('has every feature once', () => {
    expect(drawn.toSorted()).toEqual([...folders].toSorted());
    expect(drawn.length).toBeGreaterThan(20);
  });

  it('is read from the bottom: nothing needs what stands above it or to its left', () => {
    expect(upward).toEqual([]);
  });
});
