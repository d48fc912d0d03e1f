import { z } from 'zod';

import { describeSettings } from './describe-settings.js';
import { readSettings } from './read-settings.js';
import { serviceSettings } from './service-settings.js';
import { secret, setting } from './setting.js';

const service = z.object({
  ...serviceSettings({ http: 3001, grpc: 5001, management: 9091 }),
  adminPassword: secret(setting.text()).exactOptional().describe('password of the first administrator'),
  keepFor: setting.durationMs().prefault('10m').meta({ variable: 'RECORD_LIFETIME', description: 'how long' }),
  isQuiet: setting.bool().default(false),
});

const settings = describeSettings(service);
const settingOf = (variable: string) => settings.find((one) => one.variable === variable);

describe('describeSettings', () => {
  it.each([
    { variable: 'HTTP_PORT', default: '3001', required: false, secret: false },
    { variable: 'SEAL_KEY', required: true, secret: true },
    { variable: 'DATABASE_URL', required: false, secret: true },
    { variable: 'ADMIN_PASSWORD', description: 'password of the first administrator', required: false, secret: true },
    { variable: 'TENANT_SERVICE_GRPC', default: '127.0.0.1:5002', required: false, secret: false },
    { variable: 'RECORD_LIFETIME', description: 'how long', default: '10m', required: false, secret: false },
    { variable: 'IS_QUIET', description: '', default: 'false', required: false, secret: false },
  ])('describes $variable', (expected) => {
    expect(settingOf(expected.variable)).toEqual({ description: expect.any(String), ...expected });
  });

  it('says what holds: to set the defaults changes nothing', () => {
    const needed = { SEAL_KEY: '0'.repeat(64) };
    const defaults = settings.flatMap((one) => (one.default === undefined ? [] : [[one.variable, one.default]]));
    expect(readSettings(service, { ...needed, ...Object.fromEntries(defaults) })).toEqual(
      readSettings(service, needed),
    );
  });
});
