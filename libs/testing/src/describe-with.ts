import { findBinary } from './installed-binary.js';

/**
 * A `describe` for tests that need installed servers. Where one is missing the tests are skipped, and it is
 * said on stderr; with CI=true that is a failure, so that nothing goes untested unnoticed.
 */
export function describeWith(binaries: readonly string[], title: string, tests: () => void): void {
  const missing = binaries.filter((name) => findBinary(name) === undefined);
  if (missing.length === 0) {
    describe(title, tests);
    return;
  }
  const reason = `not installed: ${missing.join(', ')}`;
  if (process.env['CI'] === 'true') throw new Error(`"${title}" cannot run: ${reason}`);
  process.stderr.write(`\nSKIPPED: "${title}" (${reason})\n`);
  describe.skip(title, tests);
}
