import { jest } from '@jest/globals';

import { readFileSync } from 'node:fs';

import { DescribedApi, DescribedClient } from './support/described-api.js';
import type { Answer, CallOptions } from './support/client.js';
import { aPerson, expectStatus } from './support/flow.js';
import { EmbeddedStack } from './support/stack.js';
import { theWholeFlow } from './support/whole-flow.js';

jest.setTimeout(120_000);

interface Operation {
  readonly operationId: string;
  readonly responses: Record<string, unknown>;
}

const { paths } = JSON.parse(readFileSync('docs/api/openapi.json', 'utf8')) as {
  readonly paths: Record<string, Record<string, Operation>>;
};

/** All reads that are described as conditional. */
const conditional = Object.values(paths).flatMap(({ get }) =>
  get !== undefined && '304' in get.responses ? [get.operationId] : [],
);

/** Asks for everything that it reads once more, with every kind of precondition. */
class ConditionalClient extends DescribedClient {
  readonly wrong: string[] = [];

  override async call(method: string, path: string, options: CallOptions = {}): Promise<Answer> {
    const answer = await super.call(method, path, options);
    const { etag } = answer.headers;
    if (method !== 'GET' || answer.status !== 200 || typeof etag !== 'string') return answer;
    const ask = async (headers: Record<string, string>, as = 'GET') =>
      super.call(as, path, { ...options, headers: { ...options.headers, ...headers } });
    for (const [headers, status] of [
      [{ 'if-none-match': etag }, 304],
      [{ 'if-none-match': `"x", W/${etag}` }, 304],
      [{ 'if-none-match': '*' }, 304],
      [{ 'if-none-match': '"x"' }, 200],
      [{ 'if-none-match': 'x' }, 400],
      [{ 'if-match': `"x", ${etag}` }, 200],
      [{ 'if-match': `W/${etag}` }, 412],
      [{ 'if-match': '"x"', 'if-none-match': etag }, 412],
    ] as const) {
      const again = await ask(headers);
      const isAsExpected =
        again.status === status && (status !== 304 || (again.body === '' && again.headers['etag'] === etag));
      if (isAsExpected) continue;
      // Instances go on by themselves.
      const now = await super.call(method, path, options);
      if (now.headers['etag'] !== etag) break;
      this.wrong.push(`${path} ${JSON.stringify(headers)}: ${again.status} ${String(again.headers['etag'])}`);
    }
    return answer;
  }
}

describe('whatever is read with an ETag', () => {
  const api = new DescribedApi();
  let stack: EmbeddedStack;
  let client: ConditionalClient;
  beforeAll(async () => {
    stack = await EmbeddedStack.create();
    await stack.start();
    client = new ConditionalClient(stack.gateways[0] as string, api);
  });
  afterAll(async () => {
    await client?.close();
    await stack?.dispose();
  });

  describe('to a client that goes through the whole API', () => {
    theWholeFlow(() => client);
  });

  it('is changed by whoever lists what is there among others, and by nobody else', async () => {
    const { token, tenantId, userId } = await aPerson(client, 'careful');
    const bob = await aPerson(client, 'bob');
    const made = async (path: string, body: object): Promise<string> =>
      String(expectStatus(await client.post(path, { token, body }), 201).headers['location']);
    const project = await made('/projects', { name: 'lists' });
    const changes: Record<string, object | undefined> = {
      '/users/me': { displayName: 'Careful' },
      [`/tenants/${tenantId}`]: { name: `lists ${userId}` },
      [`/tenants/${tenantId}/members/${userId}`]: undefined,
      [await made('/auth/api-keys', { name: 'lists' })]: { name: 'others' },
      [await made(`/tenants/${tenantId}/roles`, { name: 'lists', permissions: ['projects:read'] })]: {
        description: 'others',
      },
      [await made(`/tenants/${tenantId}/invitations`, { username: bob.username, role: 'member' })]: undefined,
      [`${project}/members/${userId}`]: undefined,
      [project]: { description: 'others' },
    };
    for (const [path, body] of Object.entries(changes)) {
      const { etag } = expectStatus(await client.get(path, { token }), 200).headers;
      if (body === undefined) continue;
      const change = async (ifMatch: string): Promise<unknown[]> => {
        const { status, body: answer } = await client.patch(path, { token, body, headers: { 'if-match': ifMatch } });
        return [path, ifMatch, status, status < 300 ? '' : answer.code];
      };
      for (const stale of ['"77"', `W/${etag}`, `"77", W/${etag}`, '"not-ours"']) {
        expect(await change(stale)).toEqual([path, stale, 412, 'RESOURCE_CHANGED']);
      }
      for (const malformed of ['77', '*, "1"', '"1']) {
        expect(await change(malformed)).toEqual([path, malformed, 400, 'REQUEST_HEADER_INVALID']);
      }
      for (const ifMatch of [undefined, String(etag), '*']) {
        const both = { 'if-none-match': '*', ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }) };
        const { status, body: answer } = await client.patch(path, { token, body, headers: both });
        expect([path, both, status, answer.code]).toEqual([path, both, 412, 'RESOURCE_CHANGED']);
      }
      for (const good of [`"77", ${etag}`, '*']) expect(await change(good)).toEqual([path, good, 200, '']);
      expect(await change(String(etag))).toEqual([path, etag, 412, 'RESOURCE_CHANGED']);
    }
  });

  it('is answered by its preconditions', () => {
    expect(client.wrong).toEqual([]);
    expect([...api.silent]).toEqual([]);
  });

  it('and all of it was asked for', () => {
    expect(conditional.length).toBeGreaterThan(5);
    expect(conditional.filter((id) => !api.seen.has(`${id} 304`) || !api.seen.has(`${id} 412`))).toEqual([]);
  });
});
