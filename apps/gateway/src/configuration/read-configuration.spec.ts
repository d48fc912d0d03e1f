import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { checkFiles, readConfiguration } from './read-configuration.js';

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

describe('checkFiles', () => {
  it('refuses a configuration that names a file which is not there', () => {
    const configuration = readConfiguration(file, {});
    expect(() => checkFiles(file, configuration)).toThrow(/openapi: there is no such file/);
    writeFileSync(join(folder, 'api.json'), '{}');
    expect(() => checkFiles(file, configuration)).not.toThrow();
  });
});
