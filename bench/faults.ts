import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import { NameServer } from '@libs/testing';

import { registerCaller } from './client/people.js';
import { deadName, routesWithDeadName } from './faults/dead-name.js';
import { expiredCertificate, issueCertificates } from './faults/expired-certificate.js';
import type { Fault, Ground } from './faults/fault.js';
import { fullDisk } from './faults/full-disk.js';
import { type Kind, kinds, Others, type Seen } from './faults/others.js';
import { silentRequests } from './faults/silent-requests.js';
import { wrongClock } from './faults/wrong-clock.js';
import { describeMachine } from './machine.js';
import { publish } from './publish.js';
import { type ApartStack, startApart } from './subjects/stack.js';
import { type Command, Workshop } from './subjects/workshop.js';
import { markdownTable } from './tables/markdown.js';

const usage = `What others notice of one fault: before it, while it is there, and after it.

  npm run bench:faults -- [options]

  --seconds N   how long each of the three is watched (default 8)
  --only NAME   one fault alone: ${'silent, name, disk, clock or certificate'}
  --help        this text

A process for each service, on MariaDB and Redis, with mutual TLS between them. It mounts a small file system for the
database and hides /etc/resolv.conf from the gateway, and so wants to be root. What a tenant with a million projects and
thousands of busy connections cost others is told by bench:million and bench:overload.
`;

const faults: Readonly<Record<string, Fault>> = {
  silent: silentRequests,
  name: deadName,
  disk: fullDisk,
  clock: wrongClock,
  certificate: expiredCertificate,
};

/** Beside the stack's own, from where it names its files. */
const routes = join('config', `.faults-${process.pid}.yaml`);

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '8' },
    only: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

if (values.help) process.stdout.write(usage);
else if (process.getuid?.() !== 0) {
  console.error('bench:faults mounts a file system: run it as root');
  process.exitCode = 77;
} else await run();

async function run(): Promise<void> {
  const machine = describeMachine();
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-faults-'));
  const disk = mkdtempSync(join(tmpdir(), 'gatehouse-disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=400m', 'gatehouse-bench', disk]);
  const nameServer = await NameServer.start();
  nameServer.know('dead.name.example', 'silent');
  const workshop = new Workshop();
  let stack: ApartStack | undefined;
  try {
    issueCertificates(folder, 60);
    stack = await start(workshop, { folder, disk, nameServer });
    const report = await measure({ stack, workshop, certificates: folder, disk });
    const title = `# npm run bench:faults${process.argv.length > 2 ? ` -- ${process.argv.slice(2).join(' ')}` : ''}`;
    publish('faults', `${[title, machine, report].join('\n\n')}\n`);
  } finally {
    await workshop.close();
    await stack?.close();
    await nameServer.close();
    execFileSync('umount', ['--lazy', disk]);
    for (const each of [folder, disk, routes]) rmSync(each, { recursive: true, force: true });
  }
}

async function start(
  workshop: Workshop,
  { folder, disk, nameServer }: { folder: string; disk: string; nameServer: NameServer },
): Promise<ApartStack> {
  const resolver = join(folder, 'resolv.conf');
  writeFileSync(resolver, `nameserver ${nameServer.address}\n`);
  writeFileSync(routes, routesWithDeadName(readFileSync('config/gateway.yaml', 'utf8')));
  const within = ({ program, args, env = {} }: Command): Command => ({
    program: '/usr/bin/unshare',
    args: [
      '--mount',
      '/bin/sh',
      '-c',
      `mount --bind '${resolver}' /etc/resolv.conf && exec "$0" "$@"`,
      program,
      ...args,
    ],
    env: { PATH: '/usr/bin:/bin', ...env },
  });
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = disk;
  try {
    return await startApart(workshop, {
      certificates: folder,
      gateway: { env: { GATEWAY_CONFIG: resolve(routes) }, within },
    });
  } finally {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  }
}

async function measure(ground: Ground): Promise<string> {
  const ms = Number(values.seconds) * 1_000;
  const others = new Others(ground.stack.url, await registerCaller(ground.stack.url));
  const rows: string[][] = [];
  const remarks: string[] = [];
  await wait(3_000);
  for (const [short, fault] of Object.entries(faults)) {
    if (values.only !== undefined && values.only !== short) continue;
    console.error(fault.name);
    const before = await others.during(ms);
    const end = await fault.begin(ground);
    const meanwhile = await others.during(ms);
    const remark = await end();
    if (remark !== undefined) remarks.push(`- ${fault.name}: ${remark}.`);
    // What was under way may still fail.
    await wait(2_000);
    const after = await others.during(ms);
    for (const kind of Object.keys(kinds) as Kind[]) {
      rows.push([fault.name, kind, ...[before, meanwhile, after].map((seen) => told(seen[kind]))]);
    }
  }
  await others.leave();
  const head = ['fault', 'somebody else', 'before', 'meanwhile', 'after'];
  const reading = 'Calls; median / 99 % / longest in ms; what failed, by status.';
  return [reading, markdownTable(head, rows), remarks.join('\n')].join('\n\n');
}

function told({ times, failed }: Seen): string {
  const sorted = times.toSorted((a, b) => a - b);
  const [median, most, longest] = [0.5, 0.99, 1].map((share) =>
    (sorted[Math.ceil(share * sorted.length) - 1] ?? 0).toFixed(0),
  );
  const failures = [...failed].map(([status, count]) => `${count} x ${status || 'no answer'}`).join(', ');
  return `${times.length}; ${median} / ${most} / ${longest}; ${failures || 'none'}`;
}
