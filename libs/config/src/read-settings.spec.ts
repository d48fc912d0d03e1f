import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { z } from 'zod';

import { environmentWith } from './environment.js';
import { readSettings } from './read-settings.js';
import { serviceSettings } from './service-settings.js';
import { secret, setting } from './setting.js';
import { SettingsError } from './settings-error.js';

const key = Buffer.alloc(32, 0xab);
const service = z.object({
  ...serviceSettings({ http: 3001, grpc: 5001, management: 9091 }),
  adminPassword: secret(setting.text()).exactOptional().describe('password of the first administrator'),
  keepFor: setting.durationMs().default(60_000).describe('how long records are kept'),
  isQuiet: setting.bool().default(false),
});

const mistakesOf = (environment: Record<string, string>) => {
  try {
    readSettings(service, environment);
  } catch (error) {
    if (error instanceof SettingsError) return error;
    throw error;
  }
  throw new Error('these settings are valid');
};

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'settings-'))));
afterAll(() => rmSync(folder, { recursive: true }));

const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

describe('readSettings', () => {
  it('needs nothing but what has no safe default', () => {
    const settings = readSettings(service, { SEAL_KEY: key.toString('base64url') });
    expect(settings).toEqual({
      nodeEnv: 'development',
      httpHost: '127.0.0.1',
      httpPort: 3001,
      grpcHost: '127.0.0.1',
      grpcPort: 5001,
      managementHost: '127.0.0.1',
      managementPort: 9091,
      dataDir: '.data',
      clockLeewayMs: 5_000,
      drainDelayMs: 0,
      sealKey: key,
      logLevel: 'silent',
      tracing: { ratio: 1 },
      peers: {
        'auth-service': '127.0.0.1:5001',
        'tenant-service': '127.0.0.1:5002',
        'project-service': '127.0.0.1:5003',
        'ecs-service': '127.0.0.1:5004',
      },
      keepFor: 60_000,
      isQuiet: false,
    });
    expect('databaseUrl' in settings).toBe(false);
  });

  it('reads each from the variable of its name', () => {
    const settings = readSettings(service, {
      SEAL_KEY: key.toString('hex'),
      NODE_ENV: 'production',
      HTTP_PORT: '0',
      DATABASE_URL: 'mysql://root:p%40ss@db:3306/gatehouse',
      REDIS_URL: 'rediss://cache:6379',
      TENANT_SERVICE_GRPC: 'tenant-service:5002',
      KEEP_FOR: '2h',
      IS_QUIET: 'true',
      SOMETHING_ELSE: 'ignored',
    });
    expect(settings).toMatchObject({
      nodeEnv: 'production',
      sealKey: key,
      httpPort: 0,
      databaseUrl: 'mysql://root:p%40ss@db:3306/gatehouse',
      redisUrl: 'rediss://cache:6379',
      keepFor: 7_200_000,
      isQuiet: true,
    });
    expect(settings.peers).toMatchObject({ 'auth-service': '127.0.0.1:5001', 'tenant-service': 'tenant-service:5002' });
  });

  it.each([
    { text: '250', ms: 250 },
    { text: '250ms', ms: 250 },
    { text: '10s', ms: 10_000 },
    { text: '5m', ms: 300_000 },
    { text: '2d', ms: 172_800_000 },
  ])('understands the duration $text', ({ text, ms }) => {
    expect(readSettings(service, { SEAL_KEY: key.toString('hex'), KEEP_FOR: text }).keepFor).toBe(ms);
  });

  it('reports every mistake at once, with what the setting is for, and without its value', () => {
    const error = mistakesOf({
      SEAL_KEY: 'too-short-a-secret',
      HTTP_PORT: '70000',
      GRPC_PORT: '-1',
      DATABASE_URL: 'postgres://root:hunter2@db/gatehouse',
      AUTH_SERVICE_GRPC: 'nowhere',
      LOG_LEVEL: 'loud',
      KEEP_FOR: '5 years',
      IS_QUIET: 'yes',
    });
    expect(error.exitCode).toBe(78);
    expect(error.mistakes.map(({ variable }) => variable).toSorted()).toEqual(
      [
        'SEAL_KEY',
        'HTTP_PORT',
        'GRPC_PORT',
        'DATABASE_URL',
        'AUTH_SERVICE_GRPC',
        'LOG_LEVEL',
        'KEEP_FOR',
        'IS_QUIET',
      ].toSorted(),
    );
    expect(error.message).toContain(
      'KEEP_FOR: must be a duration such as 250ms, 10s or 5m (how long records are kept)',
    );
    expect(error.message).not.toMatch(/too-short-a-secret|hunter2/);
  });

  it.each([{}, { SEAL_KEY: '' }])('says that a setting without a default is required (%j)', (environment) => {
    expect(mistakesOf(environment).mistakes).toEqual([
      { variable: 'SEAL_KEY', message: 'is required', description: expect.stringContaining('32 bytes') },
    ]);
  });
});

describe('a secret', () => {
  it('may be in a file, as orchestrators mount it', () => {
    const settings = readSettings(service, {
      SEAL_KEY_FILE: file('seal-key', `${key.toString('base64url')}\n`),
      ADMIN_PASSWORD_FILE: file('admin-password', ' correct horse \n'),
    });
    expect(settings.sealKey).toEqual(key);
    expect(settings.adminPassword).toBe('correct horse');
  });

  it('is not read from a file where the setting is none', () => {
    const settings = readSettings(service, { SEAL_KEY: key.toString('hex'), HTTP_PORT_FILE: file('port', '1') });
    expect(settings.httpPort).toBe(3001);
  });

  it('must not be given twice, and its file must be there', () => {
    const given = { SEAL_KEY: key.toString('hex'), SEAL_KEY_FILE: file('other-key', key.toString('hex')) };
    expect(mistakesOf(given).mistakes).toMatchObject([
      { variable: 'SEAL_KEY', message: expect.stringContaining('only one') },
    ]);
    expect(mistakesOf({ SEAL_KEY_FILE: join(folder, 'nowhere') }).mistakes).toMatchObject([
      { variable: 'SEAL_KEY', message: expect.stringContaining('cannot be read') },
    ]);
  });
});

describe('environmentWith', () => {
  it('completes what is not set, or set to nothing, and overrides nothing', () => {
    const environment = environmentWith({ A: 'default', B: 'default', C: 'default' }, { B: '', C: 'own' });
    expect(environment).toEqual({ A: 'default', B: 'default', C: 'own' });
  });
});
