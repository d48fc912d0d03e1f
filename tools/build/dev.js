/**
 * Runs an application and starts it again with each change of its sources, or of those of a library.
 *
 *   npm run dev [-- APP [ARGUMENTS]]      the platform, unless an application is named
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, readdirSync, rmSync, watch } from 'node:fs';
import { join } from 'node:path';

import { compileInto, freshBuild } from './fresh-build.js';

const root = process.cwd();
const [app = 'platform', ...args] = process.argv.slice(2);
const apps = readdirSync('apps').filter((name) => existsSync(`apps/${name}/src/main.ts`));
if (!apps.includes(app)) {
  console.error(`npm run dev [-- APP [ARGUMENTS]], where APP is one of ${apps.join(', ')}`);
  process.exit(app === '--help' ? 0 : 64);
}

/** So long a burst of changes (an editor, git) is waited for. */
const burstMs = 30;
/** What of the sources runs. */
const isRun = (file) => file.endsWith('.ts') && !/\.(spec|fixture)\.ts$/.test(file);

// One that nobody else reads: changes go into it, and not into a build that others run.
const build = join(root, '.builds', `dev-${app}`);
rmSync(build, { recursive: true, force: true });
cpSync(freshBuild(), build, { recursive: true });
process.once('exit', () => rmSync(build, { recursive: true, force: true }));

let child;
let isStopping = false;
start();

const changed = new Set();
let timer;
for (const folder of ['apps', 'libs']) {
  watch(folder, { recursive: true }, (_event, name) => {
    const file = join(folder, name ?? '');
    if (!isRun(file)) return;
    changed.add(file);
    clearTimeout(timer);
    timer = setTimeout(update, burstMs);
  });
}
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, async () => {
    isStopping = true;
    process.exit(await stop());
  });
}

function start() {
  child = spawn(process.execPath, ['--enable-source-maps', join(build, `apps/${app}/src/main.js`), ...args], {
    stdio: 'inherit',
    // What V8 made of the modules that are as they were.
    env: { ...process.env, NODE_COMPILE_CACHE: join(root, '.builds/compile-cache') },
  });
  const started = child;
  started.once('exit', (code, signal) => {
    if (started === child && !isStopping) say(`${app} ended with ${code ?? signal}. A change starts it again.`);
  });
}

async function stop() {
  const stopped = child;
  child = undefined;
  if (stopped.exitCode !== null || stopped.signalCode !== null) return stopped.exitCode ?? 1;
  const ended = once(stopped, 'exit');
  stopped.kill('SIGTERM');
  const [code] = await ended;
  return code ?? 1;
}

let updating = Promise.resolve();
/** One after the other: what changes while one is started is for the next. */
function update() {
  updating = updating.then(async () => {
    const files = [...changed];
    changed.clear();
    if (files.length === 0) return;
    const [first, ...others] = files;
    const what = others.length === 0 ? first : `${first} and ${others.length} more`;
    const there = files.filter((file) => existsSync(file));
    // Those that are wrong are named, and what runs goes on.
    const draft = `${build}.draft`;
    if (there.length > 0 && compileInto(root, there, draft) !== 0) {
      for (const file of files) changed.add(file);
      rmSync(draft, { recursive: true, force: true });
      return say(`${what} changed, and does not compile. What runs is what was there before.`);
    }
    say(`${what} changed: ${app} starts again.`);
    await stop();
    for (const file of files) rmSync(join(build, file.replace(/ts$/, 'js')), { force: true });
    if (there.length > 0) cpSync(draft, build, { recursive: true });
    rmSync(draft, { recursive: true, force: true });
    start();
  });
}

function say(text) {
  process.stderr.write(`dev: ${text}\n`);
}
