import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

// The build's own compiler options, without what only the build needs: Jest resolves @libs itself and compiles specs.
const { exclude: _, ...swc } = JSON.parse(readFileSync(new URL('.swcrc', import.meta.url), 'utf8'));
const { paths: _paths, baseUrl: _baseUrl, ...jsc } = swc.jsc;

/** Unit tests stand beside the code as *.spec.ts; whole-system tests stand in test/ as *.e2e.ts. */
const shared = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc, module: { type: 'es6' }, sourceMaps: 'inline', swcrc: false }] },
  moduleNameMapper: {
    '^@libs/([^/]+)$': '<rootDir>/libs/$1/src/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  setupFiles: ['<rootDir>/libs/testing/src/jest-setup.ts'],
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/.builds'],
};

export default {
  // A test fails for what it sees, not for how busy the machine is.
  testTimeout: 30_000,
  // Modules of ESM suites are never freed: a worker that has grown makes room for a new one, before it runs out of memory.
  workerIdleMemoryLimit: '1GB',
  // A suite waits for servers about as long as it computes: on two cores two at a time end in three fifths of the time of one.
  maxWorkers: Math.max(2, availableParallelism() - 1),
  projects: [
    { ...shared, displayName: 'unit', testMatch: ['<rootDir>/{apps,libs,tools}/**/*.spec.ts'] },
    { ...shared, displayName: 'system', testMatch: ['<rootDir>/test/**/*.e2e.ts'] },
  ],
};
