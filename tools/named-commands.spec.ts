import { existsSync, globSync, readFileSync } from 'node:fs';

import { parse } from 'yaml';

const read = (file: string): string => readFileSync(file, 'utf8');
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };

const isOurs = (file: string): boolean => !/node_modules|\.builds|^dist|^bench\/results/.test(file);
const files = [
  '*.md',
  '{docs,deploy,config,.github,.vscode,.devcontainer,.githooks,.ci}/**/*',
  '{apps,libs,tools,test,bench}/**/*.{ts,js,mjs}',
  'Dockerfile',
  'docker-compose.yml',
].flatMap((pattern) => globSync(pattern, { withFileTypes: true }).filter((entry) => entry.isFile()))
  .map((entry) => `${entry.parentPath}/${entry.name}`.replace(`${process.cwd()}/`, ''))
  .filter(isOurs); // prettier-ignore

describe('what a person is told to type', () => {
  it('is a script that there is, wherever it stands', () => {
    const named = files.flatMap((file) =>
      [...read(file).matchAll(/npm run (?:--?[\w-]+ )*([\w:-]*\w)/g)].map(([, script = '']) => ({ file, script })),
    );
    expect(named.length).toBeGreaterThan(100);
    expect(named.filter(({ script }) => scripts[script] === undefined)).toEqual([]);
  });

  it('stands in the tasks of the editor, too', () => {
    const { tasks } = JSON.parse(read('.vscode/tasks.json')) as { tasks: { script: string }[] };
    expect(tasks.map(({ script }) => script).filter((script) => scripts[script] === undefined)).toEqual([]);
    const { configurations } = JSON.parse(read('.vscode/launch.json')) as { configurations: { program: string }[] };
    for (const { program } of configurations) {
      expect(existsSync(program.replace('${workspaceFolder}/', ''))).toBe(true);
    }
  });

  it('runs a file that there is', () => {
    const paths = Object.values(scripts).flatMap((script) => [...script.matchAll(/\b(?:tools|bench|node_modules)\/[\w./-]+\.js\b/g)]); // prettier-ignore
    for (const [path] of paths)
      expect({ path, isThere: existsSync(path) || existsSync(path.replace(/js$/, 'ts')) }).toEqual({
        path,
        isThere: true,
      });
  });

  it('is installed by a dev container as by .ci/run', () => {
    const { onCreateCommand } = JSON.parse(read('.devcontainer/devcontainer.json')) as { onCreateCommand: string };
    const wanted = [...read('.ci/run').matchAll(/packages\+=\((\S+)\)/g)].map(([, name = '']) => name);
    expect(wanted.length).toBeGreaterThan(5);
    for (const name of wanted) expect(onCreateCommand).toContain(` ${name} `);
  });

  it('is run by every workflow that says so', () => {
    for (const file of globSync('.github/**/*.yml')) expect(parse(read(file))).toEqual(expect.any(Object));
    expect(read('.github/workflows/ci.yml')).toContain('bash .ci/run');
  });
});
