import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Server as GrpcServer, ServerCredentials } from '@grpc/grpc-js';
import { HealthImplementation } from 'grpc-health-check';

import { names } from '@libs/names';
import { describeWith } from '@libs/testing';

import { health } from '../../configuration/schema/health.schema.js';
import { ClientTls } from '../../tls/client-tls.js';
import { checkFor } from './check-for.js';

describeWith(['openssl'], 'a check over TLS', () => {
  let folder: string;
  let pair: { cert: Buffer; key: Buffer };
  const closing: (() => void)[] = [];

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'gatehouse-checks-'));
    const made = ['-keyout', 'key.pem', '-out', 'cert.pem', '-days', '1', '-subj', '/CN=shop.internal'];
    const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
    execFileSync('openssl', ['req', '-x509', ...kind, ...made, '-addext', 'subjectAltName=DNS:shop.internal'], {
      cwd: folder,
      stdio: 'pipe',
    });
    pair = { cert: readFileSync(join(folder, 'cert.pem')), key: readFileSync(join(folder, 'key.pem')) };
  });

  afterEach(() => {
    for (const close of closing.splice(0)) close();
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  async function anHttpsServer(): Promise<string> {
    const server = createServer(pair, (_, response) => void response.end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(() => {
      server.close();
      server.closeAllConnections();
    });
    return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  async function aGrpcServer(): Promise<string> {
    const server = new GrpcServer();
    new HealthImplementation({ '': 'SERVING' }).addToServer(server);
    const secured = ServerCredentials.createSsl(null, [{ cert_chain: pair.cert, private_key: pair.key }]);
    const port = await new Promise<number>((resolve, reject) =>
      server.bindAsync('127.0.0.1:0', secured, (error, bound) => (error === null ? resolve(bound) : reject(error))),
    );
    closing.push(() => server.forceShutdown());
    return `https://127.0.0.1:${port}`;
  }

  it.each([
    { type: 'http', start: anHttpsServer },
    { type: 'grpc', start: aGrpcServer },
  ])('over $type passes for a certificate that is trusted, and for no other', async ({ type, start }) => {
    const origin = await start();
    const { check } = health.parse({ check: { type } } as Parameters<(typeof health)['parse']>[0]);
    if (check === undefined) throw new Error('no check');
    const trusting = new ClientTls({ caFile: join(folder, 'cert.pem'), serverName: 'shop.internal' });
    const results: string[] = [];
    for (const tls of [trusting, new ClientTls(undefined)]) {
      const asking = checkFor(origin, check, (host) => tls.options(host), names);
      closing.unshift(() => asking.close());
      results.push(
        await asking.ask(AbortSignal.timeout(1_000)).then(
          () => 'passed',
          () => 'failed',
        ),
      );
    }
    expect(results).toEqual(['passed', 'failed']);
  });
});
