import { execFileSync } from 'node:child_process';
import { chmodSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { identities } from '@libs/mutual-tls';
import { parse } from 'yaml';

import { built } from './support/built.js';

const compose = parse(readFileSync('docker-compose.yml', 'utf8'), { merge: true }) as {
  services: Record<string, { user?: string; command?: string[]; cap_add?: string[]; volumes?: string[] }>;
};
const isRoot = process.getuid?.() === 0;

/** As in the container of `setup`: root, with no more of its rights than the compose file leaves it. */
function asSetup(...command: string[]): string {
  const rights = (compose.services['setup']?.cap_add ?? []).map((name) => `+${name.toLowerCase()}`);
  const bounds = ['-all', ...rights].join(',');
  return execFileSync('setpriv', [`--bounding-set=${bounds}`, `--inh-caps=${bounds}`, ...command], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

describe('the secrets of the stack', () => {
  let folder: string;
  const modeOf = (file: string): string => (statSync(join(folder, file)).mode & 0o7777).toString(8);
  const files = (): string[] =>
    globSync('{gateway,*-service,mysql,mysql-init,redis,nacos}/*', { cwd: folder }).toSorted();
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'gatehouse-secrets-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('are for nobody but their owner, also when they were open to everybody before', () => {
    mkdirSync(join(folder, 'gateway'));
    writeFileSync(join(folder, 'gateway/seal-key'), 'kept');
    chmodSync(join(folder, 'gateway/seal-key'), 0o444);
    execFileSync(process.execPath, [built('tools/make-stack-secrets.js'), folder]);
    expect(files().length).toBeGreaterThan(20);
    expect(files().filter((file) => modeOf(file) !== '400')).toEqual([]);
    expect(readFileSync(join(folder, 'auth-service/seal-key'), 'utf8')).toBe('kept');
  });

  it('keep what was made, and know of whoever was added later', () => {
    const run = (): unknown => execFileSync(process.execPath, [built('tools/make-stack-secrets.js'), folder]);
    const read = (file: string): string => readFileSync(join(folder, file), 'utf8');
    run();
    const before = [read('gateway/database-password'), read('mysql-init/10-schemas.sql')];
    // As in a stack that was made by a version without one of them.
    rmSync(join(folder, 'mysql-init/10-schemas.sql'));
    writeFileSync(join(folder, 'mysql-init/10-schemas.sql'), 'CREATE DATABASE IF NOT EXISTS gatehouse_auth;');
    rmSync(join(folder, 'gateway/management-token'));
    run();
    expect([read('gateway/database-password'), read('mysql-init/10-schemas.sql')]).toEqual(before);
    expect(before[1]).toMatch(/gatehouse_gateway/);
    expect(read('gateway/management-token')).toMatch(/^[\w-]{43}$/);
  });

  if (isRoot) {
    it('are handed over to the users of the containers that mount them, with the rights that setup has', () => {
      for (const name of ['authority', ...identities])
        mkdirSync(join(folder, 'certificates', name), { recursive: true });
      mkdirSync(join(folder, 'nginx'));
      const run = (): string =>
        asSetup(process.execPath, built('tools/make-stack-secrets.js'), folder, ...setupArguments());
      run();
      // Once more, as every `docker compose up` does.
      run();
      const ownerOf = (file: string): number => statSync(join(folder, file)).uid;
      const owners = new Map(files().map((file) => [file.split('/', 1)[0], ownerOf(file)]));
      expect(Object.fromEntries(owners)).toEqual({
        gateway: 1000,
        'auth-service': 1000,
        'tenant-service': 1000,
        'project-service': 1000,
        'ecs-service': 1000,
        mysql: 999,
        'mysql-init': 999,
        redis: 999,
        nacos: 0,
      });
      expect(files().filter((file) => modeOf(file) !== '400')).toEqual([]);
      expect([ownerOf('nginx'), ownerOf('certificates/authority')]).toEqual([101, 1000]);

      expect(compose.services['prometheus']?.user).toBe('nobody');
      // The issuer has the group of the processes.
      const issue = [process.execPath, built('tools/issue-certificates.js'), join(folder, 'certificates'), '--once'];
      execFileSync('setpriv', ['--regid=1000', '--clear-groups', ...issue]);
      const whose = (name: string): unknown[] => {
        const { gid, mode } = statSync(join(folder, 'certificates', name, 'tls.key'));
        return [gid, (mode & 0o777).toString(8)];
      };
      expect({ gateway: whose('gateway'), prometheus: whose('prometheus') }).toEqual({
        gateway: [1000, '400'],
        prometheus: [65_534, '440'],
      });
    });

    it('come back out of a backup as they were', () => {
      const secrets = join(folder, 'stack');
      mkdirSync(secrets);
      asSetup(process.execPath, built('tools/make-stack-secrets.js'), secrets, ...setupArguments());
      asSetup('tar', '-C', secrets, '-cf', join(folder, 'secrets.tar'), 'gateway', 'mysql');
      asSetup('rm', '-r', join(secrets, 'gateway'), join(secrets, 'mysql'));
      asSetup('tar', '-C', secrets, '-xf', join(folder, 'secrets.tar'));
      const { uid, mode } = statSync(join(secrets, 'gateway/seal-key'));
      expect([uid, (mode & 0o777).toString(8)]).toEqual([1000, '400']);
    });
  } else {
    it('are handed over by root alone', () => {
      expect(() =>
        execFileSync(process.execPath, [built('tools/make-stack-secrets.js'), folder, '--hand-over'], {
          stdio: 'pipe',
        }),
      ).toThrow(/EPERM/);
    });
  }
});

const setupArguments = (): string[] => (compose.services['setup']?.command ?? []).slice(3);
