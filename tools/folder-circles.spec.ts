import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';

import ts from 'typescript';

type Graph = ReadonlyMap<string, ReadonlySet<string>>;

const packages = globSync('{apps,libs}/*').toSorted();

/** Which folder of a package imports from which, types counted; tests may look everywhere. `.` is the root of `src`. */
function foldersOf(name: string): Graph {
  const source = join(name, 'src');
  const graph = new Map<string, Set<string>>();
  for (const file of globSync(`${source}/**/*.ts`)) {
    if (/\.(?:spec|fixture)\.ts$/.test(file)) continue;
    const from = relative(source, dirname(file)) || '.';
    for (const { fileName } of ts.preProcessFile(readFileSync(file, 'utf8')).importedFiles) {
      if (!fileName.startsWith('.')) continue;
      const to = relative(source, dirname(normalize(join(dirname(file), fileName)))) || '.';
      if (to !== from) graph.set(from, (graph.get(from) ?? new Set()).add(to));
    }
  }
  return graph;
}

/** A way along the arrows that ends where it began, or undefined. */
function circleIn(graph: Graph): string[] | undefined {
  const done = new Set<string>();
  const walk = (folder: string, way: readonly string[]): string[] | undefined => {
    if (way.includes(folder)) return [...way.slice(way.indexOf(folder)), folder];
    if (done.has(folder)) return undefined;
    for (const next of graph.get(folder) ?? []) {
      const circle = walk(next, [...way, folder]);
      if (circle !== undefined) return circle;
    }
    done.add(folder);
    return undefined;
  };
  for (const folder of graph.keys()) {
    const circle = walk(folder, []);
    if (circle !== undefined) return circle;
  }
  return undefined;
}

const graph = (arrows: Readonly<Record<string, readonly string[]>>): Graph =>
  new Map(Object.entries(arrows).map(([from, to]) => [from, new Set(to)]));

describe('the folders of an app or a lib', () => {
  it.each(packages)('lead in no circle in %s', (name) => {
    expect(circleIn(foldersOf(name))).toBeUndefined();
  });

  it('are found, and what they import is', () => {
    expect(packages).toEqual(expect.arrayContaining(['apps/gateway', 'apps/platform', 'libs/errors', 'libs/service']));
    expect(foldersOf('libs/observability').get('health')).toEqual(new Set(['metrics']));
    // Types count: database-engine.ts takes no more than that from there.
    expect(foldersOf('libs/persistence').get('database')).toContain('options');
  });

  it('are in a circle only where one is', () => {
    expect(circleIn(graph({ a: ['b', 'c'], b: ['c'], c: ['d'] }))).toBeUndefined();
    expect(circleIn(graph({ a: ['b'], b: ['c', 'd'], d: ['b'] }))).toEqual(['b', 'd', 'b']);
    expect(circleIn(graph({ '.': ['a'], a: ['.'] }))).toEqual(['.', 'a', '.']);
  });
});
