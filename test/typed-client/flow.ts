import createClient from 'openapi-fetch';
import { Secret, TOTP } from 'otpauth';

import type { components, paths } from './api.js';

type Schemas = components['schemas'];
type Tokens = Schemas['Tokens'];

interface Result<Data, Problem> {
  readonly data?: Data;
  readonly error?: Problem;
  readonly response: Response;
}

/** The data, or what was refused as an error that a test can read. */
function done<Data>({ data, error, response }: Result<Data, unknown>): NonNullable<Data> {
  if (data === undefined || data === null) {
    throw new Error(`${response.url} answered ${response.status}: ${JSON.stringify(error)}`);
  }
  return data;
}

/** For what is done without an answer. */
function nothing({ error, response }: Result<unknown, unknown>): void {
  if (response.status !== 204) throw new Error(`${response.url}: ${response.status} ${JSON.stringify(error)}`);
}

function refused<Problem>({ error, response }: Result<unknown, Problem>): NonNullable<Problem> {
  if (error === undefined || error === null) throw new Error(`${response.url} answered ${response.status}`);
  return error;
}

export interface Outcome {
  readonly codes: readonly string[];
  readonly methods: readonly string[];
  readonly projects: readonly string[];
  readonly statuses: readonly string[];
}

/**
 * What a customer does with a client that is generated from the description: everything here is typed by it, and what is
 * marked as an error must be one.
 */
export async function goThroughTheFlow(
  baseUrl: string,
  fetch: typeof globalThis.fetch,
  name: string,
): Promise<Outcome> {
  const api = createClient<paths>({ baseUrl, fetch });
  const codes: string[] = [];
  const methods: string[] = [];
  const bearer = ({ accessToken }: Pick<Tokens, 'accessToken'>) => ({
    headers: { authorization: `Bearer ${accessToken}` },
  });

  // Registration and login
  const password = 'a horse of another colour';
  const registered = done(
    await api.POST('/auth/register', { body: { username: name, email: `${name}@example.com`, password } }),
  );
  const wrong = refused(await api.POST('/auth/login', { body: { login: name, password: 'something else' } }));
  codes.push(wrong.code);
  const logIn = () => api.POST('/auth/login', { body: { login: registered.user.username, password } });
  const first: Tokens = done(await logIn());
  const second: Tokens = done(await logIn());

  // A second factor
  const { secret } = done(await api.POST('/auth/totp', bearer(first)));
  const totp = new TOTP({ secret: Secret.fromBase32(secret) });
  const codeOf = (steps: number): string => totp.generate({ timestamp: Date.now() + steps * 30_000 });
  const { recoveryCodes } = done(await api.POST('/auth/totp:confirm', { ...bearer(first), body: { code: codeOf(0) } }));

  const challenged = refused(await logIn());
  codes.push(challenged.code);
  // @ts-expect-error -- only one of the refusals has a challenge
  void challenged.challenge;
  if (challenged.code !== 'AUTH_SECOND_FACTOR_REQUIRED') throw new Error('there was no challenge');
  const { challenge } = challenged;
  methods.push(...challenge.methods);
  let session = done(await api.POST('/auth/login:complete', { body: { challenge: challenge.token, totp: codeOf(1) } }));

  // A session that has shown the password alone proves more, where more is asked for
  const tooWeak = refused(await api.POST('/auth/api-keys', { ...bearer(second), body: { name: 'robot' } }));
  codes.push(tooWeak.code);
  if (tooWeak.code !== 'AUTH_STEP_UP_REQUIRED') throw new Error('no step-up was asked for');
  methods.push(...tooWeak.stepUp.methods);
  const [recoveryCode = ''] = recoveryCodes;
  const proven = done(await api.POST('/auth/step-up', { ...bearer(second), body: { recoveryCode } }));
  const apiKey = done(await api.POST('/auth/api-keys', { ...bearer(proven), body: { name: 'robot' } }));

  // Refreshing, and who one is
  session = done(await api.POST('/auth/refresh', { body: { refreshToken: session.refreshToken } }));
  const own = bearer(session);
  const me = done(await api.GET('/auth/me', own));
  const tenantId = me.tenant?.id ?? '';
  const within = { header: { 'X-Tenant-Id': tenantId } };
  done(await api.PATCH('/users/me', { ...own, body: { displayName: 'Alice' } }));

  // Projects, once each, changed by version, page by page
  for (const project of ['ash', 'birch', 'cedar']) {
    const once = { params: { header: { 'Idempotency-Key': `make-${project}` } }, ...own, body: { name: project } };
    const made = await api.POST('/projects', once);
    const again = await api.POST('/projects', once);
    if (done(made).id !== done(again).id) throw new Error('it was made twice');
  }
  const projects: string[] = [];
  for (let pageToken: string | undefined; pageToken !== '';) {
    const query = { pageSize: 2, orderBy: 'name desc', filter: 'status = "active"', ...(pageToken && { pageToken }) };
    const page = done(await api.GET('/projects', { ...own, params: { query } }));
    projects.push(...page.items.map((project) => project.name));
    pageToken = page.nextPageToken;
  }
  const { items } = done(await api.GET('/projects', { ...own, params: { query: { filter: 'name = "birch"' } } }));
  const [birch] = items;
  if (birch === undefined) throw new Error('there is no birch');
  const path = { id: birch.id };
  const read = await api.GET('/projects/{id}', { ...own, params: { path, ...within } });
  const expected = { 'If-Match': read.response.headers.get('etag') ?? '' };
  done(await api.PATCH('/projects/{id}', { ...own, params: { path, header: expected }, body: { name: 'beech' } }));
  const late = await api.PATCH('/projects/{id}', {
    ...own,
    params: { path, header: expected },
    body: { name: 'late' },
  });
  codes.push(refused(late).code);
  // @ts-expect-error -- a name is a text
  const wrongType = await api.PATCH('/projects/{id}', { ...own, params: { path }, body: { name: 7 } });
  const invalid = refused(wrongType);
  codes.push(invalid.code);
  if (invalid.code === 'REQUEST_INVALID') codes.push(...(invalid.errors ?? []).map((error) => error.code));

  // An instance, by the API key
  const robot = { headers: { 'x-api-key': apiKey.key } };
  const instance = done(await api.POST('/ecs/instances', { ...robot, body: { projectId: birch.id, name: 'web-1' } }));
  const ofInstance = { params: { path: { id: instance.id } } };
  const statuses: string[] = [];
  const until = async (status: Schemas['Instance']['status']): Promise<void> => {
    for (let left = 400; left > 0; left -= 1) {
      const seen = done(await api.GET('/ecs/instances/{id}', { ...own, ...ofInstance })).status;
      if (seen === status) return void statuses.push(seen);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error(`the instance never was ${status}`);
  };
  await until('running');
  done(await api.POST('/ecs/instances/{id}:stop', { ...own, ...ofInstance }));
  await until('stopped');
  codes.push(refused(await api.POST('/ecs/instances/{id}:stop', { ...own, ...ofInstance })).code);
  done(await api.POST('/ecs/instances/{id}:start', { ...own, ...ofInstance }));
  await until('running');
  const dashboard = done(await api.GET('/dashboard', own));
  if (dashboard.instances?.total !== 1) throw new Error('the dashboard shows no instance');

  // The tenant: a role, an invitation, the trail of all this
  const tenant = { params: { path: { id: tenantId } } };
  const role = { name: 'bookkeeper', permissions: ['projects:read'] };
  done(await api.POST('/tenants/{id}/roles', { ...own, ...tenant, body: role }));
  done(
    await api.POST('/tenants/{id}/invitations', {
      ...own,
      ...tenant,
      body: { email: `${name}-b@example.com`, role: role.name },
    }),
  );
  codes.push(
    refused(await api.POST('/tenants/{id}/invitations', { ...own, ...tenant, body: { username: `${name}-x` } })).code,
  );
  done(await api.GET('/tenants/{id}/members', { ...own, ...tenant }));
  done(await api.GET('/tenants/{id}/audit', { ...own, ...tenant }));
  done(await api.GET('/auth/sessions', own));

  // The end
  nothing(await api.DELETE('/ecs/instances/{id}', { ...own, ...ofInstance }));
  nothing(await api.DELETE('/auth/api-keys/{id}', { ...bearer(proven), params: { path: { id: apiKey.id } } }));
  nothing(await api.POST('/auth/logout', own));
  return { codes, methods, projects, statuses };
}
