import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { z } from 'zod';

const secret = 'compared, never shown';
const asked = 'looked for, not kept';

/** Texts that are no names: nobody else sees them as they were sent, or they are bytes for machines. */
const noNames: Readonly<Record<string, string>> = {
  'ChangePassword.currentPassword': secret,
  'ChangePassword.newPassword': secret,
  'ResetPassword.newPassword': secret,
  'ResetPassword.token': secret,
  'VerifyEmail.token': secret,
  'AcceptInvitation.token': secret,
  'AcceptInvitation.password': secret,
  'AcceptMailInvitation.token': secret,
  'Register.password': secret,
  'CompleteLogin.challenge': secret,
  'CompleteLogin.recoveryCode': secret,
  'Login.password': secret,
  'Refresh.refreshToken': secret,
  'StepUpProof.password': secret,
  'StepUpProof.recoveryCode': secret,
  'ForgotPassword.login': asked,
  'Login.login': asked,
  'ListUsers.pageToken': asked,
  'ListUsers.orderBy': asked,
  'ListUsers.filter': asked,
  'ListInstances.pageToken': asked,
  'ListInstances.orderBy': asked,
  'ListInstances.filter': asked,
  'AddPasskey.response.response.transports[]': 'for the authenticator alone',
  'SetConfigKey.schema{}': 'a JSON Schema, of operators',
  'SetTenantConfig.value': 'JSON for programs, under a schema of the operators',
};

/** Descriptions may have line ends. */
const ofSeveralLines = ['CreateProject.description', 'UpdateProject.description'];

/** What reorders, hides or breaks the text around it, by name. */
const misleading: Readonly<Record<string, string>> = {
  'a control character': '\u0007',
  'a line end': '\n',
  'a line separator': '\u2028',
  'a paragraph separator': '\u2029',
  'a lone surrogate': '\ud800',
  'an Arabic letter mark': '\u061c',
  'a left-to-right mark': '\u200e',
  'a right-to-left mark': '\u200f',
  'an embedding': '\u202b',
  'a right-to-left override': '\u202e',
  'an end of embedding': '\u202c',
  'an isolate': '\u2067',
  'an end of isolate': '\u2069',
};

const invisible = [
  '\u200b',
  '\u200d\u200c',
  '\ufeff',
  '\u00ad',
  '\u2060',
  '\u3164',
  '\u115f',
  '\uffa0',
  '\u2800',
  '\u{e0041}\u{e007f}',
];

/** Shapes that a field may want its text in. */
const carriers: readonly ((text: string) => string)[] = [
  (text) => `al${text}ice`,
  (text) => `Al${text}ice Liddell of the looking-glass house`,
  (text) => `al${text}ice@example.com`,
  (text) => `role:al${text}ice`,
  (text) => `"al${text}ice"`,
  (text) => `${'al'.repeat(30)}${text}ice`,
];

interface Field {
  readonly name: string;
  readonly schema: z.ZodType;
}

type Def = {
  readonly type: string;
  readonly shape?: Record<string, z.ZodType>;
  readonly element?: z.ZodType;
  readonly innerType?: z.ZodType;
  readonly valueType?: z.ZodType;
  readonly options?: readonly z.ZodType[];
  readonly in?: z.ZodType;
  readonly catchall?: z.ZodType;
};
const defOf = (schema: z.ZodType): Def => schema._zod.def as never;

/** Every place below a schema where a text may stand. */
function textsIn(name: string, schema: z.ZodType): Field[] {
  const def = defOf(schema);
  if (def.shape !== undefined) {
    return Object.entries(def.shape).flatMap(([key, field]) => textsIn(`${name}.${key}`, field));
  }
  if (def.element !== undefined) return textsIn(`${name}[]`, def.element);
  if (def.valueType !== undefined) return textsIn(`${name}{}`, def.valueType);
  if (def.innerType !== undefined) return textsIn(name, def.innerType);
  if (def.type === 'pipe' && def.in !== undefined && defOf(def.in).shape !== undefined) return textsIn(name, def.in);
  if (def.type === 'union' && def.options?.some((option) => defOf(option).shape !== undefined)) {
    return def.options.flatMap((option) => textsIn(name, option));
  }
  return carriers.some((carry) => schema.safeParse(carry('')).success) ? [{ name, schema }] : [];
}

const isSchema = (value: unknown): value is z.ZodType => value instanceof z.ZodType;
/** What is read of callers refuses fields that it does not know; answers do not. */
function isRequest(schema: z.ZodType): boolean {
  const { innerType, catchall } = defOf(schema);
  if (innerType !== undefined) return isRequest(innerType);
  return catchall !== undefined && defOf(catchall).type === 'never';
}

async function fieldsOf(service: string): Promise<Field[]> {
  const folder = `apps/${service}/src`;
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.schema.ts'),
  );
  const fields = await Promise.all(
    files.toSorted().map(async (file) => {
      const exported = (await import(resolve(join(folder, file)))) as Record<string, unknown>;
      return Object.entries(exported).flatMap(([name, schema]) =>
        isSchema(schema) && isRequest(schema) ? textsIn(name, schema) : [],
      );
    }),
  );
  return fields.flat();
}

describe('a text that a person gives and another sees', () => {
  let fields: Field[];
  beforeAll(async () => {
    const services = ['auth-service', 'tenant-service', 'project-service', 'ecs-service'];
    fields = (await Promise.all(services.map(fieldsOf))).flat();
  });
  const names = (): Field[] => fields.filter(({ name }) => noNames[name] === undefined);

  it('stands in fields that are known, and those that are none exist', () => {
    expect(fields.length).toBeGreaterThan(20);
    const known = new Set(fields.map(({ name }) => name));
    expect(Object.keys(noNames).filter((name) => !known.has(name))).toEqual([]);
  });

  it.each(Object.entries(misleading))('holds no %s', (_, character) => {
    const taking = names().filter(({ schema }) =>
      carriers.some((carry) => schema.safeParse(carry('')).success && schema.safeParse(carry(character)).success),
    );
    expect(taking.map(({ name }) => name)).toEqual(character === '\n' ? ofSeveralLines : []);
  });

  it('can be seen', () => {
    const taking = names().filter(({ schema }) => invisible.some((text) => schema.safeParse(text).success));
    expect(taking.map(({ name }) => name)).toEqual([]);
  });

  it('may be in any script, with its joiners and marks', () => {
    const texts = ['Zoë', 'علي رضا', 'می\u200cخواهم', 'שָׁלוֹם', '山田太郎', 'नमस्ते', '👩\u200d💻 team', "O'Brien & Søn"];
    const displayName = fields.find(({ name }) => name === 'Register.displayName')?.schema;
    expect(texts.filter((text) => displayName?.safeParse(text).success !== true)).toEqual([]);
  });
});
