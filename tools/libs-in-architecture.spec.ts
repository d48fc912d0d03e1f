import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

interface Rule {
  readonly name: string;
  readonly to: { readonly pathNot?: string };
}

const { forbidden } = createRequire(import.meta.url)('../.dependency-cruiser.cjs') as { forbidden: readonly Rule[] };

/** What each lib may import, as the walls have it. */
const below = new Map(
  forbidden
    .filter(({ name }) => name.startsWith('libs-point-downward-'))
    .map(({ name, to }) => [
      name.replace('libs-point-downward-', ''),
      new Set(/\(([\w|-]+)\)/.exec(to.pathNot ?? '')?.[1]?.split('|')),
    ]),
);

describe('the libs in ARCHITECTURE.md', () => {
  const text = readFileSync('ARCHITECTURE.md', 'utf8');
  const libs = readdirSync('libs').toSorted();
  const picture = (/```\n(errors ◀[^`]*)```/.exec(text)?.[1] ?? '')
    .trim()
    .split('\n')
    .map((line) => line.split(' ◀ '));

  it('have a row each, and no row is left of one that is gone', () => {
    const table = text.slice(text.indexOf('| lib | is the one place that |'));
    const rows = [...table.slice(0, table.indexOf('\n\n')).matchAll(/^\| ([\w-]+) \| /gm)].map(([, lib]) => lib);
    expect(rows.filter((row) => row !== 'lib').toSorted()).toEqual(libs);
  });

  it('are all in the picture, with arrows as the walls have them', () => {
    expect([...new Set(picture.flat())].toSorted()).toEqual(libs);
    const arrows = picture.flatMap((line) => line.slice(1).map((lib, at) => [line[at], lib] as const));
    expect(arrows.length).toBeGreaterThan(10);
    expect(arrows.filter(([lower = '', upper]) => below.get(upper)?.has(lower) !== true)).toEqual([]);
  });
});
