import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const filesIn = (root: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => [file.slice(root.length), readFileSync(file, 'utf8')]),
  );

describe('what is generated', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'gatehouse-generated-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is what the protos say (npm run generate:proto)', () => {
    execFileSync('buf', ['generate', '--output', folder], { stdio: 'pipe' });
    const generated = 'libs/grpc/src/generated';
    expect(filesIn(generated)).toEqual(filesIn(join(folder, generated)));
  });

  it('is what the code says (npm run generate:docs)', () => {
    execFileSync(process.execPath, ['dist/tools/generate-docs.js', folder], {
      stdio: 'pipe',
      env: { PATH: process.env.PATH },
    });
    for (const [name, text] of Object.entries(filesIn(folder))) {
      expect({ name, text: readFileSync(join('docs', name), 'utf8') }).toEqual({ name, text });
    }
  });
});
