import { jest } from '@jest/globals';

import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, globSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { until } from '@libs/testing';

import { built } from './support/built.js';
import { EmbeddedStack } from './support/stack.js';

jest.setTimeout(180_000);

const dockerfile = readFileSync('Dockerfile', 'utf8');
const [, last = ''] = dockerfile.split(/(?=^FROM debian:bookworm-slim$)/m);

/** What `npm ci --omit=dev` installs, by the lock. */
function installed(): string[] {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
    packages: Record<string, { dev?: boolean; devOptional?: boolean }>;
  };
  return Object.entries(packages).flatMap(([path, { dev, devOptional }]) =>
    path === '' || dev === true || devOptional === true ? [] : [path],
  );
}

/** The last stage of the Dockerfile, without a container around it. */
function makeImage(app: string): void {
  for (const path of installed()) {
    if (statSync(path, { throwIfNoEntry: false }) === undefined) continue;
    // Packages inside of packages have lines of their own.
    cpSync(path, join(app, path), {
      recursive: true,
      filter: (file) => !file.slice(path.length).includes('/node_modules'),
    });
  }
  execFileSync(process.execPath, ['tools/build/prune-modules.js', join(app, 'node_modules')]);
  cpSync(realpathSync(built('.')), join(app, 'dist'), { recursive: true });
  for (const path of ['package.json', 'proto', 'config', 'docs/api']) {
    expect(last).toMatch(new RegExp(`^COPY ${path} `, 'm'));
    cpSync(path, join(app, path), { recursive: true });
  }
}

const bytesIn = (folder: string): number =>
  globSync('**/*', { cwd: folder }).reduce((sum, file) => {
    const about = statSync(join(folder, file));
    return about.isFile() ? sum + about.size : sum;
  }, 0);

describe('the image', () => {
  let app: string;
  beforeAll(() => {
    app = mkdtempSync(join(tmpdir(), 'gatehouse-image-'));
    makeImage(app);
  });
  afterAll(() => rmSync(app, { recursive: true, force: true }));

  it('is of at most 300 MB', () => {
    // debian:bookworm-slim, and Node, which comes into it as one file.
    const debianBytes = 75e6;
    expect(last).toMatch(/^COPY --from=manifest \/usr\/local\/bin\/node /m);
    expect(debianBytes + statSync(process.execPath).size + bytesIn(app)).toBeLessThan(300e6);
  });

  it('has every package that something in it imports, and whatever those import', () => {
    const files = globSync('dist/{apps/*/src,libs/*/src,tools}/**/*.js', { cwd: app }).filter(
      // Tests and what writes the documents are built with the rest, and are no part of what runs.
      (file) => !/^dist\/(libs\/testing|tools\/generate-docs)\//.test(file),
    );
    const names = files.flatMap((file) =>
      [
        ...readFileSync(join(app, file), 'utf8').matchAll(
          /^import (?:.* from )?['"]([^'"./].*)['"];$|\bimport\(['"]([^'"./].*?)['"]\)/gm,
        ),
      ].map(([, named, asked = named]) => asked as string),
    );
    const packages = [...new Set(names)].filter((name) => !isBuiltin(name)).toSorted();
    expect(packages).toEqual(expect.arrayContaining(['@nestjs/core', 'ioredis', 'mysql2', 'typeorm']));
    const script = `process.on('unhandledRejection', (e) => { throw e });
      const missing = [];
      for (const name of ${JSON.stringify(packages)}) await import(name).catch((error) => missing.push(name + ': ' + error.message));
      console.log(JSON.stringify(missing));
      process.exit();`;
    const said = execFileSync(process.execPath, ['--input-type=module', '-e', script], { cwd: app, encoding: 'utf8' });
    expect(JSON.parse(said)).toEqual([]);
  });

  it('runs everything', async () => {
    const stack = await EmbeddedStack.create();
    const child = spawn(process.execPath, ['--enable-source-maps', 'dist/apps/platform/src/main.js'], {
      cwd: app,
      env: { PATH: process.env['PATH'], ...stack.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const exited = once(child, 'exit');
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
    try {
      const ready = async (): Promise<number> => {
        if (child.exitCode !== null) throw new Error(said);
        return fetch(`${stack.gateways[0]}/ready`).then(
          ({ status }) => status,
          () => 0,
        );
      };
      expect(await until(ready, (status) => status === 200, 60_000)).toBe(200);
      const description = await fetch(`${stack.management}/openapi.json`);
      expect(((await description.json()) as { openapi: string }).openapi).toBe('3.1.0');
    } finally {
      child.kill();
      await exited;
      await stack.dispose();
    }
  });

  it('has every tool', () => {
    const tools = globSync('dist/tools/*.js', { cwd: app }).filter((file) => !/generate-/.test(file));
    const commands = tools.filter((file) => /usage: /.test(readFileSync(join(app, file), 'utf8')));
    expect(commands.length).toBeGreaterThan(5);
    for (const file of commands) {
      const { stdout, stderr } = spawnSync(process.execPath, [file, '--help'], { cwd: app, encoding: 'utf8' });
      expect({ file, said: `${stdout}${stderr}` }).toEqual({ file, said: expect.stringMatching(/^usage: /) });
    }
  });
});
