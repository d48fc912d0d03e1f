import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';

import { Redis } from 'ioredis';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { NestFactory } from '@nestjs/core';
import { Pool } from 'undici';

import { AccountServiceService, GrpcClients, GrpcModule, SessionServiceService } from '@libs/grpc';

import { cpuTimeOfTree } from '../measure/cpu-time.js';
import type { ApartStack } from '../subjects/stack.js';
import { markdownTable } from './markdown.js';

interface Person {
  readonly login: string;
  readonly password: string;
  readonly userId: string;
  readonly tenantId: string;
  sessionId: string;
  token: string;
  refreshToken: string;
}

/** One thing that is asked for, by a client that asks for one at a time. */
type Operation = (client: number) => Promise<unknown>;

const clients = 8;
/** So many that nobody logs in more often than one account may. */
const households = 160;

/** What each kind of work costs, in CPU time of each process, with as much of it as there can be. */
export async function measureCosts(stack: ApartStack, { seconds }: { readonly seconds: number }): Promise<string> {
  const pool = new Pool(stack.url, { connections: clients });
  const call = async (method: 'GET' | 'POST', path: string, token: string, body?: object, address = anywhere()) => {
    const answer = await pool.request({
      method,
      path,
      headers: {
        'x-forwarded-for': address,
        ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: body === undefined ? null : JSON.stringify(body),
    });
    const text = await answer.body.text();
    if (answer.statusCode >= 400) throw new Error(`${method} ${path} answers ${answer.statusCode}: ${text}`);
    return JSON.parse(text) as { [field: string]: never };
  };
  const register = async (): Promise<Omit<Person, 'sessionId' | 'token' | 'refreshToken'>> => {
    const [login, password] = [`person-${randomBytes(6).toString('hex')}`, randomBytes(12).toString('base64url')];
    const body = { username: login, email: `${login}@example.com`, password, tenantName: `${login} ltd` };
    const { user, tenant } = (await call('POST', '/auth/register', '', body)) as unknown as Record<
      string,
      { id: string }
    >;
    return { login, password, userId: user?.id ?? '', tenantId: tenant?.id ?? '' };
  };
  const logIn = async ({ login, password }: Pick<Person, 'login' | 'password'>, address?: string) => {
    const { accessToken, refreshToken } = await call('POST', '/auth/login', '', { login, password }, address);
    const token = String(accessToken);
    const { sid } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { sid: string };
    return { token, refreshToken: String(refreshToken), sessionId: sid };
  };
  const people: Person[] = [];
  for (let n = 0; n < clients; n += 1) {
    const person = await register();
    people.push({ ...person, ...(await logIn(person)) });
  }
  const others: Pick<Person, 'login' | 'password'>[] = [];
  while (others.length < households) others.push(...(await Promise.all(Array.from({ length: 4 }, register))));
  let turn = 0;
  const nextLogin = (): Promise<unknown> => {
    const house = turn++ % households;
    return logIn(others[house] as Person, `198.51.100.${house}`);
  };
  const of = (client: number): Person => people[client] as Person;

  const internal = await NestFactory.createApplicationContext(
    GrpcModule.forRoot({ service: 'bench', sealKey: stack.sealKey, peers: stack.peers as never }),
    { logger: false },
  );
  const grpc = internal.get(GrpcClients);
  const sessions = grpc.to('auth-service', SessionServiceService);
  const accounts = grpc.to('tenant-service', AccountServiceService);

  const operations: Record<string, Operation> = {
    'GET /projects, caller remembered': (n) => call('GET', '/projects', of(n).token),
    'POST /projects': (n) => call('POST', '/projects', of(n).token, { name: randomBytes(8).toString('hex') }),
    'POST /auth/refresh': async (n) => {
      const { accessToken, refreshToken } = await call('POST', '/auth/refresh', '', {
        refreshToken: of(n).refreshToken,
      });
      Object.assign(of(n), { token: String(accessToken), refreshToken: String(refreshToken) });
    },
    'POST /auth/login': nextLogin,
    'POST /auth/register': register,
    'GetSession, over gRPC': (n) => sessions.getSession({ sessionId: of(n).sessionId }, { as: 'service' }),
    'GetAccount, over gRPC': (n) =>
      accounts.getAccount({ userId: of(n).userId, tenantId: of(n).tenantId }, { as: 'service' }),
  };
  const pids = new Map([...stack.pids, ...(await storesOf(stack))]);
  const rows: string[][] = [];
  for (const [name, operation] of Object.entries(operations)) {
    console.error(name);
    await run(operation, 1);
    const before = new Map([...pids].map(([process, pid]) => [process, cpuTimeOfTree(pid)]));
    const { done, failed, took } = await run(operation, seconds);
    const costs = [...pids].map(([process, pid]) => (cpuTimeOfTree(pid) - (before.get(process) ?? 0)) / done);
    rows.push([name, (done / took).toFixed(0), String(failed), ...costs.map((cost) => cost.toFixed(0))]);
  }
  await internal.close();
  await pool.close();
  return markdownTable(['CPU µs each', 'a second', 'failed', ...pids.keys()], rows);
}

const anywhere = (): string => `203.0.113.${Math.floor(Math.random() * 250)}`;

async function run(operation: Operation, seconds: number): Promise<{ done: number; failed: number; took: number }> {
  const startedAt = performance.now();
  const until = startedAt + seconds * 1_000;
  let [done, failed] = [0, 0];
  const client = async (n: number): Promise<void> => {
    while (performance.now() < until) {
      await operation(n).then(
        () => (done += 1),
        (error: unknown) => {
          if (failed++ === 0) console.error(String(error));
        },
      );
    }
  };
  await Promise.all(Array.from({ length: clients }, (_, n) => client(n)));
  return { done, failed, took: (performance.now() - startedAt) / 1_000 };
}

async function storesOf({ databaseUrl, redisUrl }: ApartStack): Promise<[string, number][]> {
  const connection = await createConnection(databaseUrl);
  const [rows] = await connection.query<RowDataPacket[]>('SELECT @@pid_file AS file');
  await connection.end();
  const redis = new Redis(redisUrl);
  const pid = /^process_id:(\d+)/m.exec(await redis.info('server'))?.[1];
  redis.disconnect();
  return [
    ['MariaDB', Number(readFileSync(String(rows[0]?.['file']), 'utf8'))],
    ['Redis', Number(pid)],
  ];
}
