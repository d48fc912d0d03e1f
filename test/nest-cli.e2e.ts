import { jest } from '@jest/globals';

import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';

jest.setTimeout(180_000);

interface NestCli {
  readonly root: string;
  readonly projects: Readonly<Record<string, { type: string; root: string; sourceRoot: string; entryFile: string }>>;
}

const nest = (...args: string[]): string =>
  execFileSync(process.execPath, ['node_modules/@nestjs/cli/bin/nest.js', ...args], { encoding: 'utf8' });

describe('the Nest CLI', () => {
  const { root, projects } = JSON.parse(readFileSync('nest-cli.json', 'utf8')) as NestCli;

  it('knows every app and every lib, and where each begins', () => {
    const there = ['apps', 'libs'].flatMap((folder) => readdirSync(folder).map((name) => `${folder}/${name}`));
    expect(Object.values(projects).map((project) => project.root).toSorted()).toEqual(there.toSorted()); // prettier-ignore
    expect(there).toContain(root);
    for (const [name, project] of Object.entries(projects)) {
      expect(project).toEqual({
        type: project.root.startsWith('apps/') ? 'application' : 'library',
        root: expect.stringMatching(new RegExp(`^(apps|libs)/${name}$`)),
        sourceRoot: `${project.root}/src`,
        entryFile: project.root.startsWith('apps/') ? 'main' : 'index',
      });
      expect(existsSync(`${project.sourceRoot}/${project.entryFile}.ts`)).toBe(true);
    }
  });

  it('builds an app with the libs that it needs, and starts it', () => {
    rmSync('.builds/nest', { recursive: true, force: true });
    nest('build', 'gateway');
    expect(existsSync('.builds/nest/libs/errors/src/index.js')).toBe(true);
    expect(nest('start', 'gateway', '--', '--help')).toContain('npm run gateway -- check [FILE ...]');
  });

  it('makes a module in the app that is named, and enters it there', () => {
    const said = nest('generate', 'module', 'widgets', '--project', 'project-service', '--dry-run');
    expect(said).toContain('CREATE apps/project-service/src/widgets/widgets.module.ts');
    expect(said).toContain('UPDATE apps/project-service/src/project-service.module.ts');
  });
});
