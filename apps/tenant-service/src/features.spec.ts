import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

import { MODULE_METADATA } from '@nestjs/common/constants.js';

const source = resolve('apps/tenant-service/src');
const files = globSync(`${source}/*/**/*.ts`).filter((file) => !/\.(?:spec|fixture)\.ts$/.test(file));
const folderOf = (file: string): string => relative(source, dirname(file));

type Module = new () => unknown;
const partsOf = (module: Module, kind: string): unknown[] => (Reflect.getMetadata(kind, module) as unknown[]) ?? [];

const load = async (file: string): Promise<[string, unknown][]> =>
  Object.entries((await import(pathToFileURL(file).href)) as object);

async function modulesOf(paths: readonly string[]): Promise<Map<string, Module>> {
  const found = new Map<string, Module>();
  for (const file of paths) {
    for (const [name, value] of await load(file))
      if (name.endsWith('Module')) found.set(folderOf(file), value as Module);
  }
  return found;
}

/** Which folders a folder knows, types counted. */
function arrows(): Map<string, Set<string>> {
  const known = new Map<string, Set<string>>();
  for (const file of files) {
    const from = folderOf(file);
    for (const [, path = ''] of readFileSync(file, 'utf8').matchAll(/from '(\.{1,2}\/[^']+)'/g)) {
      const to = folderOf(join(dirname(file), path));
      if (to !== from) known.set(from, (known.get(from) ?? new Set()).add(to));
    }
  }
  return known;
}

function reach(from: string, known: Map<string, Set<string>>): Set<string> {
  const seen = new Set<string>();
  const ahead = [...(known.get(from) ?? [])];
  for (let next = ahead.pop(); next !== undefined; next = ahead.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    ahead.push(...(known.get(next) ?? []));
  }
  return seen;
}

describe('the features of tenant-service', () => {
  let modules: Map<string, Module>;
  beforeAll(async () => {
    modules = await modulesOf(files.filter((file) => file.endsWith('.module.ts')));
  });

  it('know others in one direction only, and nothing at the root', () => {
    const known = arrows();
    expect(known.size).toBeGreaterThan(10);
    expect([...known.keys()].filter((folder) => reach(folder, known).has(folder))).toEqual([]);
    expect([...known].filter(([, to]) => to.has(''))).toEqual([]);
  });

  it('have each controller in the module of its folder', async () => {
    const left: string[] = [];
    for (const file of files.filter((name) => /\.(?:controller|grpc)\.ts$/.test(name))) {
      const module = modules.get(folderOf(file));
      const controllers = module === undefined ? [] : partsOf(module, MODULE_METADATA.CONTROLLERS);
      for (const [name, value] of await load(file)) {
        if (/(?:Controller|Grpc)$/.test(name) && !controllers.includes(value)) left.push(name);
      }
    }
    expect(left).toEqual([]);
  });

  it('have so few parts that one can see them all', () => {
    const large = [...modules].filter(
      ([, module]) =>
        partsOf(module, MODULE_METADATA.CONTROLLERS).length + partsOf(module, MODULE_METADATA.PROVIDERS).length > 15,
    );
    expect(large.map(([folder]) => folder)).toEqual([]);
  });

  it('take from others only what these export', () => {
    const wrong: string[] = [];
    const imported = (module: Module): Module[] => partsOf(module, MODULE_METADATA.IMPORTS) as Module[];
    const all = [...modules.values()];
    const ownerOf = (part: unknown): Module | undefined =>
      all.find((module) => partsOf(module, MODULE_METADATA.PROVIDERS).includes(part));
    for (const module of all) {
      const parts = [MODULE_METADATA.PROVIDERS, MODULE_METADATA.CONTROLLERS].flatMap((kind) => partsOf(module, kind));
      for (const part of parts.filter((one) => typeof one === 'function')) {
        for (const needed of (Reflect.getMetadata('design:paramtypes', part) as unknown[] | undefined) ?? []) {
          const owner = ownerOf(needed);
          if (owner === undefined || owner === module) continue;
          const isOffered = partsOf(owner, MODULE_METADATA.EXPORTS).includes(needed);
          if (!isOffered || !imported(module).includes(owner))
            wrong.push(`${part.name} needs ${(needed as Module).name}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  it('import no feature that they do not need', () => {
    const needless: string[] = [];
    for (const module of modules.values()) {
      const parts = [MODULE_METADATA.PROVIDERS, MODULE_METADATA.CONTROLLERS].flatMap((kind) => partsOf(module, kind));
      const classes = parts.map((part) =>
        typeof part === 'object' && part !== null && 'useClass' in part ? part.useClass : part,
      );
      const needed = new Set(
        classes
          .filter((part) => typeof part === 'function')
          .flatMap((part) => (Reflect.getMetadata('design:paramtypes', part) as unknown[] | undefined) ?? []),
      );
      for (const other of partsOf(module, MODULE_METADATA.IMPORTS) as Module[]) {
        if (!partsOf(other, MODULE_METADATA.EXPORTS).some((part) => needed.has(part)))
          needless.push(`${module.name} imports ${other.name}`);
      }
    }
    expect(needless).toEqual([]);
  });
});
