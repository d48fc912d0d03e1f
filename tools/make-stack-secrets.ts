/**
 * Makes every secret of the compose stack, once, into one folder per reader. Run again, it keeps
 * what is there: a stack that restarts must still read what it sealed and encrypted.
 *
 *   node dist/tools/make-stack-secrets.js FOLDER [--hand-over]
 */
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { identities } from '@libs/mutual-tls';

import { writeWhole } from './certificates/write-whole.js';

const services = ['auth-service', 'tenant-service', 'project-service', 'ecs-service'] as const;
const apps = ['gateway', ...services] as const;

const key = (): string => randomBytes(32).toString('base64url');
const password = (): string => randomBytes(18).toString('base64url');

const usage = `usage: make-stack-secrets FOLDER [--hand-over]

Makes every secret that is not there yet, in a folder for each reader, whom it is for alone.

  --hand-over  gives each folder's files to the user of the container that mounts it; root only`;

const { positionals, values } = parseArgs({
  options: { 'hand-over': { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const [root] = positionals;
if (values.help || root === undefined) {
  console.error(usage);
  process.exit(values.help ? 0 : 64);
}

/** Returns what the file holds, or writes what `make` gives. Whole or not at all: a half-written secret would stay. */
function keep(file: string, make: () => string): string {
  const path = join(root as string, file);
  if (existsSync(path)) return readFileSync(path, 'utf8');
  const value = make();
  writeWhole(path, value, 0o400);
  return value;
}

for (const folder of [...apps, 'mysql', 'mysql-init', 'redis', 'nacos'])
  mkdirSync(join(root, folder), { recursive: true });

const sealKey = keep('gateway/seal-key', key);
const redisPassword = keep('redis/password', password);
keep('mysql/root-password', password);
keep('nacos/token', () => randomBytes(48).toString('base64'));
keep('nacos/identity', password);
keep('gateway/management-token', key);
keep('auth-service/admin-password', () => process.env['ADMIN_PASSWORD'] || password());

for (const app of apps) {
  keep(`${app}/seal-key`, () => sealKey);
  keep(`${app}/redis-url`, () => `redis://:${redisPassword}@redis:6379`);
}

for (const service of services) keep(`${service}/encryption-key`, key);

const statements = apps.map((service) => {
  const databasePassword = keep(`${service}/database-password`, password);
  const user = service.replace('-', '_');
  const schema = `gatehouse_${service.replace('-service', '')}`;
  keep(`${service}/database-url`, () => `mysql://${user}:${databasePassword}@mysql:3306/gatehouse`);
  return [
    `CREATE DATABASE IF NOT EXISTS ${schema} CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin;`,
    `CREATE USER IF NOT EXISTS '${user}'@'%' IDENTIFIED BY '${databasePassword}';`,
    `GRANT ALL ON ${schema}.* TO '${user}'@'%';`,
  ].join('\n');
});
// Made of the others, and anew: who was added later is in it, too. Every statement may be run again.
writeWhole(join(root, 'mysql-init/10-schemas.sql'), `${statements.join('\n')}\n`, 0o400);

/** Who reads a folder: the users of the images. In a container, root without its rights reads what is root's alone. */
const users = { node: 1000, mysql: 999, redis: 999, nginx: 101, nobody: 65_534, root: 0 } as const;
const readers = {
  ...Object.fromEntries(apps.map((app) => [app, users.node])),
  mysql: users.mysql,
  'mysql-init': users.mysql,
  redis: users.redis,
  nacos: users.root,
};

/** Root first, because only who owns a file may say who reads it. Files of the version before were open to everybody. */
function give(path: string, mode: number, uid: number, gid: number = uid): void {
  if (values['hand-over']) chownSync(path, 0, 0);
  chmodSync(path, mode);
  if (values['hand-over']) chownSync(path, uid, gid);
}

for (const [folder, uid] of Object.entries(readers)) {
  for (const file of readdirSync(join(root, folder))) give(join(root, folder, file), 0o400, uid);
}
if (values['hand-over']) {
  // These are written by somebody else: the issuer, and nginx. What the issuer writes for Prometheus is in its group.
  for (const name of ['authority', ...identities]) {
    const path = join(root, 'certificates', name);
    if (!existsSync(path)) continue;
    const isOfAnother = name === 'prometheus';
    give(path, isOfAnother ? 0o2755 : 0o755, users.node, isOfAnother ? users.nobody : users.node);
  }
  for (const [name, uid] of [
    ['gateway-1', users.node],
    ['gateway-2', users.node],
    ['redis', users.redis],
  ] as const) {
    const path = join(root, 'data', name);
    if (existsSync(path)) give(path, 0o700, uid);
  }
  if (existsSync(join(root, 'nginx'))) give(join(root, 'nginx'), 0o755, users.nginx);
}

console.log('secrets are in place');
