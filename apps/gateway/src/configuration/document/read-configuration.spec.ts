import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { parseConfiguration, readConfiguration, readDocument } from './read-configuration.js';

const folder = mkdtempSync(join(tmpdir(), 'gateway-'));
const file = join(folder, 'gateway.yaml');
writeFileSync(file, 'openapi: ./api.json\n');

describe('readConfiguration', () => {
  it('finds files beside the configuration', () => {
    expect(readConfiguration(file, {}).openapi).toBe(join(folder, 'api.json'));
  });

  it('says so when there is no such file', () => {
    expect(() => readConfiguration(join(folder, 'none.yaml'), {})).toThrow(/none\.yaml.*there is no such file/);
  });
});

describe('parseConfiguration', () => {
  it('refuses a configuration that names files which are not there, each with its place', () => {
    const text = [
      'openapi: ./api.json',
      'authentication:',
      '  jwt:',
      '    issuers:',
      '      - { issuer: a, audience: b, publicKeyFile: ./none.pem }',
      'extra: 1',
    ].join('\n');
    expect(() => parseConfiguration({ text, place: 'x.yaml', folder }, {})).toThrow(
      [
        'x.yaml:1:1 openapi: there is no such file',
        'x.yaml:5:35 authentication.jwt.issuers.0.publicKeyFile: there is no such file',
        'x.yaml:6:1 extra: is not a known key',
      ].join('\n  '),
    );
  });

  it('takes it once they are there', () => {
    writeFileSync(join(folder, 'api.json'), '{}');
    expect(parseConfiguration(readDocument(file), {}).configuration.openapi).toBe(join(folder, 'api.json'));
  });
});
