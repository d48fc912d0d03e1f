// Plain JavaScript: it runs before anything is compiled.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const sources = ['apps', 'libs', 'tools', 'bench'];
/** What else decides what becomes of a source. */
const recipe = ['.swcrc', 'package-lock.json'];

/** So many builds stay, besides those that a process runs. */
const keptBuilds = 10;

/**
 * The folder of a build of the sources as they are now. `dist` leads to it. What was built before is not built again,
 * and no build is changed or taken away under a process that runs it.
 */
export function freshBuild(root = process.cwd()) {
  const builds = join(root, '.builds');
  mkdirSync(builds, { recursive: true });
  const build = join(builds, fingerprint(root));
  if (!existsSync(build)) compile(root, build);
  utimesSync(build, new Date(), new Date());
  lead(join(root, 'dist'), build);
  clearOut(builds, build);
  return build;
}

/** From now on until this process ends, nobody takes the build away. */
export function occupy(build) {
  const mark = join(build, `${markPrefix}${process.pid}`);
  writeFileSync(mark, '');
  process.once('exit', () => rmSync(mark, { force: true }));
}

const markPrefix = '.run-by-';

function fingerprint(root) {
  const hash = createHash('sha256');
  const files = sources.flatMap((folder) => filesBelow(root, folder));
  for (const file of [...files, ...recipe].toSorted()) {
    const path = join(root, file);
    if (!existsSync(path)) continue;
    const text = readFileSync(path);
    hash.update(`${file} ${text.length}\n`).update(text);
  }
  return hash.digest('hex').slice(0, 16);
}

function filesBelow(root, folder) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
}

/** Files and folders of sources, into a folder. Answers the exit code; what is wrong is said. */
export function compileInto(root, some, folder) {
  const swc = join(root, 'node_modules/@swc/cli/bin/swc.js');
  const options = { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] };
  return spawnSync(process.execPath, [swc, ...some, '-d', folder, '--quiet'], options).status ?? 1;
}

/** Into a folder of its own first: two that build at once must not meet, and half a build is none. */
function compile(root, build) {
  const draft = `${build}.${process.pid}.draft`;
  if (process.stderr.isTTY) process.stderr.write('Building…\n');
  const folders = sources.filter((folder) => existsSync(join(root, folder)));
  const status = compileInto(root, folders, draft);
  if (status !== 0) {
    rmSync(draft, { recursive: true, force: true });
    process.stderr.write('The build failed; what was built before stays.\n');
    process.exit(status);
  }
  try {
    renameSync(draft, build);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    // Somebody else built the same meanwhile.
    if (!existsSync(build)) throw error;
  }
}

function lead(link, build) {
  if (existsSync(link) && realpathSync(link) === realpathSync(build)) return;
  const stat = statSync(link, { throwIfNoEntry: false });
  // A folder of that name is a build of the time when there was but one.
  if (stat?.isDirectory() && realpathSync(link) === resolve(link)) rmSync(link, { recursive: true, force: true });
  const draft = `${link}.${process.pid}`;
  // Relative: the folder of the project may be moved.
  symlinkSync(relative(dirname(link), build), draft);
  try {
    renameSync(draft, link);
  } catch (error) {
    unlinkSync(draft);
    throw error;
  }
}

/** As `fingerprint` names them. Beside them stand drafts, and what `npm run dev` runs. */
const isBuild = /^[0-9a-f]{16}$/;

function clearOut(builds, current) {
  const others = readdirSync(builds)
    .filter((name) => isBuild.test(name))
    .map((name) => ({ build: join(builds, name), usedAt: statSync(join(builds, name)).mtimeMs }))
    .filter(({ build }) => build !== current)
    .toSorted((a, b) => b.usedAt - a.usedAt);
  for (const { build } of others.slice(keptBuilds - 1)) {
    if (!isRun(build)) rmSync(build, { recursive: true, force: true });
  }
}

const isRun = (build) =>
  readdirSync(build)
    .filter((name) => name.startsWith(markPrefix))
    .some((name) => isAlive(Number(name.slice(markPrefix.length))));

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
