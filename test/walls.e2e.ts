import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

describe('what is generated', () => {
  it('is what the protos say', () => {
    const folder = mkdtempSync(join(tmpdir(), 'gatehouse-proto-'));
    try {
      execFileSync('buf', ['generate', '--output', folder], { stdio: 'pipe' });
      const generated = 'libs/grpc/src/generated';
      const filesIn = (root: string): Record<string, string> =>
        Object.fromEntries(
          readdirSync(root, { recursive: true, encoding: 'utf8' })
            .filter((name) => name.endsWith('.ts'))
            .map((name) => [name, readFileSync(join(root, name), 'utf8')]),
        );
      expect(filesIn(generated)).toEqual(filesIn(join(folder, generated)));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
