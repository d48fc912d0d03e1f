import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const builder = resolve('tools/build/build.js');
const runner = resolve('tools/build/run.js');

describe('a build', () => {
  let root: string;
  const running: ChildProcess[] = [];

  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'gatehouse-build-')));
    cpSync('.swcrc', join(root, '.swcrc'));
    writeFileSync(join(root, 'package.json'), '{ "type": "module" }');
    symlinkSync(resolve('node_modules'), join(root, 'node_modules'));
    mkdirSync(join(root, 'apps/door/src'), { recursive: true });
    write('apps/door/src/main.ts', 'process.stdout.write(`first ${process.argv.slice(2).join(" ")}`);');
  });
  afterEach(async () => {
    for (const child of running.splice(0)) {
      child.kill();
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    }
    rmSync(root, { recursive: true, force: true });
  });

  const write = (file: string, text: string): void => writeFileSync(join(root, file), text);
  const build = () => promisify(execFile)(process.execPath, [builder], { cwd: root });
  const run = (...args: string[]) =>
    promisify(execFile)(process.execPath, [runner, 'apps/door/src/main.js', ...args], { cwd: root });
  let others = 0;
  const buildOthers = async (count: number): Promise<void> => {
    for (let n = 0; n < count; n += 1) {
      write('apps/door/src/main.ts', `process.stdout.write("${(others += 1)}");`);
      await build();
    }
  };
  const current = (): string => realpathSync(join(root, 'dist'));

  it('is not made again while nothing changed', async () => {
    await build();
    const before = current();
    write('dist/apps/door/src/main.js', 'process.stdout.write("untouched")');
    await build();
    expect(current()).toBe(before);
    expect((await run()).stdout).toBe('untouched');
  });

  it('is made of the sources as they are when something is run', async () => {
    expect((await run('a', '--b')).stdout).toBe('first a --b');
    write('apps/door/src/main.ts', 'process.stdout.write("second");');
    expect((await run()).stdout).toBe('second');
  });

  it('that fails leaves what was built before in its place', async () => {
    await build();
    const before = current();
    write('apps/door/src/main.ts', 'const = ;');
    await expect(build()).rejects.toMatchObject({ code: 1 });
    expect(current()).toBe(before);
    expect(readdirSync(join(root, '.builds'))).toHaveLength(1);
  });

  it('is one build when two make it at once', async () => {
    await Promise.all([build(), build(), build()]);
    expect(readdirSync(join(root, '.builds'))).toHaveLength(1);
    expect((await run()).stdout).toBe('first ');
  });

  it('stays under the process that runs it, however many follow, and goes when that has ended', async () => {
    write('apps/door/src/late.ts', 'process.stdout.write("late");');
    write(
      'apps/door/src/main.ts',
      'process.stdout.write("up"); process.stdin.once("data", async () => { await import("./late.js"); process.exit(); });',
    );
    const child = spawn(process.execPath, [runner, 'apps/door/src/main.js'], { cwd: root });
    running.push(child);
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await once(child.stdout, 'data');
    const occupied = current();

    rmSync(join(root, 'apps/door/src/late.ts'));
    await buildOthers(11);
    expect(current()).not.toBe(occupied);
    child.stdin.write('go');
    await once(child, 'exit');
    expect(said).toBe('uplate');

    await buildOthers(10);
    expect(existsSync(occupied)).toBe(false);
    expect(readdirSync(join(root, '.builds'))).toHaveLength(10);
  });
});
