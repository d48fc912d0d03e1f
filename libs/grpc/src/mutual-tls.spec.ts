import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describeWith } from '@libs/testing';
import { newContext, runInContext } from '@libs/trusted-headers';

import { SessionServiceService } from './contracts.js';
import { GrpcClients } from './grpc-clients.js';
import type { GrpcTls } from './grpc-tls.js';
import { type SessionServer, startSessionServer } from './session-server.fixture.js';

const sealKey = randomBytes(32);

describeWith(['openssl'], 'mutual TLS', () => {
  let folder: string;
  let peer: SessionServer;
  let tls: GrpcTls;
  let strangers: GrpcTls;

  const openssl = (...options: string[]) => execFileSync('openssl', options, { cwd: folder, stdio: 'pipe' });
  const ellipticKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'];

  /** A certificate authority, and a certificate of it for this machine. */
  const certify = (name: string): GrpcTls => {
    openssl(
      'req',
      '-x509',
      ...ellipticKey,
      '-subj',
      `/CN=${name}-ca`,
      '-keyout',
      `${name}-ca.key`,
      '-out',
      `${name}-ca.pem`,
    );
    openssl('req', ...ellipticKey, '-subj', `/CN=${name}`, '-keyout', `${name}.key`, '-out', `${name}.csr`);
    writeFileSync(join(folder, 'names'), 'subjectAltName=IP:127.0.0.1');
    const signer = ['-CA', `${name}-ca.pem`, '-CAkey', `${name}-ca.key`, '-CAcreateserial', '-extfile', 'names'];
    openssl('x509', '-req', '-days', '1', '-in', `${name}.csr`, '-out', `${name}.pem`, ...signer);
    const read = (file: string) => readFileSync(join(folder, file));
    return { ca: read(`${name}-ca.pem`), certificate: read(`${name}.pem`), privateKey: read(`${name}.key`) };
  };

  const endSessions = async (clientTls: GrpcTls | undefined) => {
    const peers = { 'auth-service': peer.address };
    const clients = new GrpcClients({ service: 'ecs-service', sealKey, peers, tls: clientTls });
    const { endUserSessions } = clients.to('auth-service', SessionServiceService);
    return runInContext(newContext(), () => endUserSessions({ userId: 'alice' }, { as: 'service' })).finally(() =>
      clients.onApplicationShutdown(),
    );
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'mutual-tls-'));
    tls = certify('ours');
    strangers = certify('theirs');
    peer = await startSessionServer(sealKey, { tls });
  });
  afterAll(async () => {
    await peer.app.close();
    rmSync(folder, { recursive: true });
  });

  it('lets services of one authority talk to each other', async () => {
    expect(await endSessions(tls)).toEqual({ endedCount: 'ecs-service'.length });
  });

  it('refuses a client with a certificate of another authority, though it trusts ours', async () => {
    const call = endSessions({ ...strangers, ca: tls.ca });
    await expect(call).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  });

  it('does not talk to a server of another authority', async () => {
    await expect(endSessions(strangers)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  });

  it('does not talk without TLS', async () => {
    await expect(endSessions(undefined)).rejects.toMatchObject({ name: 'Refusal' });
  });
});
