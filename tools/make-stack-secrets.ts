/**
 * Makes every secret of the compose stack, once, into one folder per reader. Run again, it keeps
 * what is there: a stack that restarts must still read what it sealed and encrypted.
 *
 *   node dist/tools/make-stack-secrets.js /stack
 */
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { identities } from '@libs/mutual-tls';

const services = ['auth-service', 'tenant-service', 'project-service', 'ecs-service'] as const;
const apps = ['gateway', ...services] as const;

const key = (): string => randomBytes(32).toString('base64url');
const password = (): string => randomBytes(18).toString('base64url');

const root = process.argv[2];
if (root === undefined || root.startsWith('-')) {
  console.error(
    'usage: make-stack-secrets FOLDER\n\nMakes every secret that is not there yet, in a folder for each reader.',
  );
  process.exit(root === '--help' ? 0 : 64);
}

/** Returns what the file holds, or writes what `make` gives. Whole or not at all: a half-written secret would stay. */
function keep(file: string, make: () => string): string {
  const path = join(root as string, file);
  if (existsSync(path)) return readFileSync(path, 'utf8');
  const value = make();
  writeFileSync(`${path}.new`, value);
  // Each folder is mounted by one container only, under whichever user its image has.
  chmodSync(`${path}.new`, 0o444);
  renameSync(`${path}.new`, path);
  return value;
}

for (const folder of [...apps, 'mysql', 'mysql-init', 'redis', 'nacos'])
  mkdirSync(join(root, folder), { recursive: true });

const sealKey = keep('gateway/seal-key', key);
const redisPassword = keep('redis/password', password);
keep('mysql/root-password', password);
keep('nacos/token', () => randomBytes(48).toString('base64'));
keep('nacos/identity', password);
keep('auth-service/admin-password', () => process.env['ADMIN_PASSWORD'] || password());

for (const app of apps) {
  keep(`${app}/seal-key`, () => sealKey);
  keep(`${app}/redis-url`, () => `redis://:${redisPassword}@redis:6379`);
}

const statements = services.map((service) => {
  const databasePassword = keep(`${service}/database-password`, password);
  const user = service.replace('-', '_');
  const schema = `gatehouse_${service.replace('-service', '')}`;
  keep(`${service}/encryption-key`, key);
  keep(`${service}/database-url`, () => `mysql://${user}:${databasePassword}@mysql:3306/gatehouse`);
  return [
    `CREATE DATABASE IF NOT EXISTS ${schema} CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin;`,
    `CREATE USER IF NOT EXISTS '${user}'@'%' IDENTIFIED BY '${databasePassword}';`,
    `GRANT ALL ON ${schema}.* TO '${user}'@'%';`,
  ].join('\n');
});
keep('mysql-init/10-schemas.sql', () => `${statements.join('\n')}\n`);

/** Volumes belong to root at first; these are written by somebody else: the issuer, and nginx. */
function handOver(folder: string, uid: number): void {
  const path = join(root as string, folder);
  if (existsSync(path)) chownSync(path, uid, uid);
}
for (const name of ['authority', ...identities]) handOver(`certificates/${name}`, 1000);
handOver('nginx', 101);

console.log('secrets are in place');
