import { STATUS_CODES } from 'node:http';

import type { AccessRule } from '@libs/trusted-headers';

import { describeField } from './describe-schemas.js';
import type { DescribedCall } from './described-call.js';
import { type Document, isSuccess, type Operation } from './document.js';
import { componentOf } from './versions.js';

const tags: Readonly<Record<string, string>> = {
  auth: 'Accounts, logins, sessions, second factors, API keys and the public keys of tokens.',
  dashboard: 'What the caller has, at one glance.',
  ecs: 'Compute instances of projects.',
  projects: 'Projects and their members.',
  public: 'What anybody may know.',
  tenants: 'Tenants, their members, invitations, roles and audit trail.',
  users: "The caller's own user, and the invitations to them.",
};

/** Says of each operation who may call it, what its parameters are and what its answers mean. */
export function describeCalls(document: Document, calls: readonly DescribedCall[]): void {
  const used = new Set<string>();
  for (const call of calls) {
    const { operation } = call;
    for (const tag of operation.tags ?? []) used.add(tag);
    operation.description = [operation.description, whoMay(call)].filter((part) => part !== undefined).join('\n\n');
    describeParameters(call);
    describeAnswers(operation);
  }
  document.tags = [...used].toSorted().map((name) => {
    const description = tags[name];
    if (description === undefined) throw new Error(`nothing is said about the tag ${name}`);
    return { name, description };
  });
}

function whoMay({ route, handler }: DescribedCall): string {
  if (!route.access.authenticated) return 'For everybody; no credentials are needed.';
  const methods = route.access.methods.map((method) => (method === 'jwt' ? 'an access token' : 'an API key'));
  const rules = [...new Set(handler.access.map(inWords))];
  const tenant = route.access.withoutTenant ? ' Also for who works in no tenant.' : '';
  return `With ${methods.join(' or ')}, for ${rules.join(', or ')}.${tenant}`;
}

function inWords(rule: AccessRule): string {
  if (typeof rule === 'object') {
    return 'permission' in rule
      ? `users whose role allows \`${rule.permission}\``
      : `users with the role ${rule.roles.join(' or ')}`;
  }
  if (rule === 'person') return 'users who have logged in';
  return rule === 'user' ? 'users of the tenant' : 'everybody';
}

function describeParameters({ path, operation: { parameters = [] } }: DescribedCall): void {
  for (const parameter of parameters) {
    if (parameter.name === undefined || parameter.schema === undefined) continue;
    const { name, schema } = parameter;
    if (parameter.in === 'path' && name === 'id') {
      schema.format = 'uuid';
      schema.description = `The id of the ${thingBefore(path, name)}.`;
    }
    describeField(name, schema);
    // Nest writes the examples of parameters as OpenAPI 3.0 had them.
    const { description, example, ...rest } = schema;
    parameter.schema = example === undefined ? rest : { ...rest, examples: [example] };
    if (description !== undefined) parameter.description = description;
  }
}

/** `/auth/api-keys/{id}` is about an API key. */
function thingBefore(path: string, name: string): string {
  const segments = path.split('/');
  const plural = segments[segments.findIndex((segment) => segment.startsWith(`{${name}}`)) - 1] ?? '';
  return plural.replace(/s$/, '').replaceAll('-', ' ').replace(/^api /, 'API ');
}

const meanings: Readonly<Record<string, string>> = {
  '200': 'Done.',
  '201': 'Made.',
  '202': 'Taken on: it will be done.',
  '204': 'Done; there is nothing to tell.',
};

function describeAnswers({ responses }: Operation): void {
  for (const [status, answer] of Object.entries(responses)) {
    if (!isSuccess(status)) continue;
    const thing = componentOf(answer);
    const meaning = meanings[status] ?? `${STATUS_CODES[status] ?? status}.`;
    answer.description ||= thing === undefined ? meaning : `${meaning.replace(/\.$/, '')}: ${inWordsOf(thing)}.`;
  }
}

const inWordsOf = (component: string): string =>
  component
    .replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toLowerCase()
    .replace(/^api /, 'API ')
    .replace(/^(.*) page$/, 'a page of the list ($1)');
