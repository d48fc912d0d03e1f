import { randomUUID } from 'node:crypto';

import type { Answer, Client } from '../support/client.js';
import { aPerson, expectStatus, type Person } from '../support/flow.js';

/** One thing that customers do, by the heading that it has in docs/operations.md. */
type Question = (client: Client) => Promise<Answer>;

export interface Customer {
  readonly person: Person;
  readonly projectId: string;
  /** The names of the projects whose making was acknowledged. */
  readonly acknowledged: Set<string>;
  readonly questions: Readonly<Record<string, Question>>;
}

/** Somebody who is logged in, has a project, and asks a little of everything. */
export async function aCustomer(client: Client): Promise<Customer> {
  const person = await aPerson(client);
  const { token, username, password } = person;
  const made = expectStatus(await client.post('/projects', { token, body: { name: 'first' } }), 201);
  const projectId: string = made.body.id;
  const acknowledged = new Set(['first']);

  const makeProject: Question = async (through) => {
    const name = `project-${randomUUID()}`;
    const answer = await through.post('/projects', { token, body: { name } });
    if (answer.status === 201) acknowledged.add(name);
    return answer;
  };
  return {
    person,
    projectId,
    acknowledged,
    questions: {
      'GET /public/status': (through) => through.get('/public/status'),
      'GET /.well-known/jwks.json': (through) => through.get('/.well-known/jwks.json'),
      'POST /auth/login': (through) => through.post('/auth/login', { body: { login: username, password } }),
      'GET /auth/me': (through) => through.get('/auth/me', { token }),
      'GET /users/me': (through) => through.get('/users/me', { token }),
      'GET /projects': (through) => through.get('/projects', { token }),
      'POST /projects': makeProject,
      'GET /dashboard': (through) => through.get('/dashboard', { token }),
      'GET /ecs/instances': (through) => through.get('/ecs/instances', { token }),
      'POST /ecs/instances': (through) =>
        through.post('/ecs/instances', { token, body: { projectId, name: `instance-${randomUUID()}` } }),
    },
  };
}

/** `works`, `partial`, or the status, which names what is missing: 503 has to say when to come back. */
export function outcomeOf({ status, headers, body }: Answer): string {
  if (status >= 200 && status < 300) return body?.partial?.length > 0 ? 'partial' : 'works';
  return status === 503 && headers['retry-after'] === undefined ? '503 without Retry-After' : String(status);
}

/** Everything that was acknowledged and is not there, or is there twice. */
export async function lostOf({ person, acknowledged }: Customer, client: Client): Promise<string[]> {
  const { username, password } = person;
  const login = expectStatus(await client.post('/auth/login', { body: { login: username, password } }), 200);
  const found: string[] = [];
  let pageToken = '';
  do {
    const path = `/projects?pageSize=100&pageToken=${encodeURIComponent(pageToken)}`;
    const page = expectStatus(await client.get(path, { token: login.body.accessToken }), 200);
    found.push(...page.body.items.map(({ name }: { name: string }) => name));
    pageToken = page.body.nextPageToken;
  } while (pageToken !== '');
  const missing = [...acknowledged].filter((name) => !found.includes(name));
  const twice = found.filter((name, at) => found.indexOf(name) !== at);
  return [...missing, ...twice];
}
