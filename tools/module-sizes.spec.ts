import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

import ts from 'typescript';

/** As many controllers and providers of its own a module may have: more are more than one feature. */
const most = 15;

const files = globSync('apps/*/src/**/*.ts')
  .filter((file) => /^@Module\(/m.test(readFileSync(file, 'utf8')))
  .toSorted();
const isOfModules = (file: string): boolean => file.endsWith('.module.ts');

const sizes = Object.fromEntries(files.filter(isOfModules).flatMap((file) => modulesIn(parse(file))));

describe('a Nest module of an app', () => {
  it('is found, with what stands in its decorator and what its static methods add', () => {
    const source = `
      const watchers = [D, E];
      @Module({ controllers: [A], providers: [B, { provide: C, useValue: { providers: 1 } }] })
      class Room {
        static of(isLarge) {
          return { module: Room, providers: [...watchers.map(made), ...(isLarge ? [F, G] : [])] };
        }
      }
      @Module({ imports: [Room] })
      class Root {}
    `;
    const found = modulesIn(parse('room.ts', source));
    expect(found).toEqual([
      ['room.ts Room', 7],
      ['room.ts Root', 0],
    ]);
    expect(Object.keys(sizes).length).toBeGreaterThan(40);
    // The one that is elsewhere is never started: it stands in for a gateway where its API is described.
    const elsewhere = files.filter((file) => !isOfModules(file)).map((file) => basename(file));
    expect(elsewhere).toEqual(['describe-management.ts']);
  });

  it(`has at most ${most} controllers and providers`, () => {
    expect(Object.fromEntries(Object.entries(sizes).filter(([, size]) => size > most))).toEqual({});
  });

  it('does nothing itself where it is the root of a service that is made of features', () => {
    const roots = ['auth', 'project', 'ecs'].map((name) => `apps/${name}-service/src/${name}-service.module.ts`);
    const own = Object.entries(sizes).filter(([name]) => roots.some((file) => name.startsWith(file)));
    expect(own.map(([, size]) => size)).toEqual([0, 0, 0]);
  });
});

function modulesIn(source: ts.SourceFile): [string, number][] {
  return source.statements
    .filter((statement) => ts.isClassDeclaration(statement))
    .filter((declared) => ts.getDecorators(declared)?.some(isModule))
    .map((declared) => [`${source.fileName} ${declared.name?.text ?? ''}`, entriesIn(declared, source)]);
}

function isModule({ expression }: ts.Decorator): boolean {
  return (
    ts.isCallExpression(expression) && ts.isIdentifier(expression.expression) && expression.expression.text === 'Module'
  );
}

/** Of every list of controllers or providers in it, wherever it stands. */
function entriesIn(node: ts.Node, source: ts.SourceFile): number {
  if (ts.isShorthandPropertyAssignment(node) && isList(node.name)) return lengthOf(node.name, source);
  if (ts.isPropertyAssignment(node) && isList(node.name)) return lengthOf(node.initializer, source);
  let entries = 0;
  ts.forEachChild(node, (child) => {
    entries += entriesIn(child, source);
  });
  return entries;
}

function isList(name: ts.PropertyName): boolean {
  return ts.isIdentifier(name) && ['controllers', 'providers'].includes(name.text);
}

/** Of two that are chosen from, the longer one. */
function lengthOf(list: ts.Expression, source: ts.SourceFile): number {
  if (ts.isParenthesizedExpression(list) || ts.isAsExpression(list)) return lengthOf(list.expression, source);
  if (ts.isConditionalExpression(list))
    return Math.max(lengthOf(list.whenTrue, source), lengthOf(list.whenFalse, source));
  if (ts.isArrayLiteralExpression(list)) {
    const lengths = list.elements.map((one) => (ts.isSpreadElement(one) ? lengthOf(one.expression, source) : 1));
    return lengths.reduce((sum, length) => sum + length, 0);
  }
  if (
    ts.isCallExpression(list) &&
    ts.isPropertyAccessExpression(list.expression) &&
    list.expression.name.text === 'map'
  )
    return lengthOf(list.expression.expression, source);
  const name = list.getText(source);
  const written = listCalled(name, source);
  if (written === undefined) throw new Error(`${source.fileName}: how many are in ${name}? Write the list out.`);
  return lengthOf(written, written.getSourceFile());
}

/** In this file, or in the one that it is imported from. */
function listCalled(name: string, source: ts.SourceFile): ts.Expression | undefined {
  for (const statement of source.statements) {
    const declared = declaredIn(statement, name);
    if (declared !== undefined) return declared;
    if (ts.isImportDeclaration(statement) && statement.importClause?.namedBindings?.getText(source).includes(name)) {
      const from = join(dirname(source.fileName), (statement.moduleSpecifier as ts.StringLiteral).text);
      return listCalled(name, parse(from.replace(/\.js$/, '.ts')));
    }
  }
  return undefined;
}

/** At the top of the file or inside of a method. */
function declaredIn(node: ts.Node, name: string): ts.Expression | undefined {
  if (ts.isVariableDeclaration(node) && node.name.getText() === name) return node.initializer;
  return ts.forEachChild(node, (child) => declaredIn(child, name));
}

function parse(file: string, text = readFileSync(file, 'utf8')): ts.SourceFile {
  return ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
}
