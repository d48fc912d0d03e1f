import { randomBytes } from 'node:crypto';

import { GrpcClients, SessionServiceService } from '@libs/grpc';
import { fakeService, type FakePeer, startFakePeer, until } from '@libs/testing';

import { aConfiguration } from './configuration/configuration.fixture.js';
import { greetIdentityServices, identityDetails, identityServices } from './identity-services.js';

const asking = (sessions: 'grpc' | 'none', apiKeys: 'grpc' | 'none', accounts: 'grpc' | 'none') =>
  aConfiguration({
    authentication: { sessions: { resolver: sessions }, apiKeys: { resolver: apiKeys } },
    accounts: { resolver: accounts },
  });

describe('identityServices', () => {
  it.each([
    { when: 'nobody is asked', sessions: 'none', apiKeys: 'none', accounts: 'none', services: [] },
    { when: 'sessions are', sessions: 'grpc', apiKeys: 'none', accounts: 'none', services: ['auth-service'] },
    { when: 'keys are', sessions: 'none', apiKeys: 'grpc', accounts: 'none', services: ['auth-service'] },
    { when: 'accounts are', sessions: 'none', apiKeys: 'none', accounts: 'grpc', services: ['tenant-service'] },
  ] as const)('are $services when $when', ({ sessions, apiKeys, accounts, services }) => {
    expect(identityServices(asking(sessions, apiKeys, accounts))).toEqual(services);
  });
});

describe('a gateway that starts', () => {
  const everything = asking('grpc', 'grpc', 'grpc');
  let auth: FakePeer;
  let clients: GrpcClients;

  beforeEach(async () => {
    auth = await startFakePeer(fakeService(SessionServiceService, {}));
    const peers = { 'auth-service': auth.address, 'tenant-service': '127.0.0.1:1' };
    clients = new GrpcClients({ service: 'gateway', sealKey: randomBytes(32), peers });
  });
  afterEach(() => {
    clients.onApplicationShutdown();
    auth.stop();
  });

  it('is connected to who is there, does not wait for ever for who is not, and tells which is which', async () => {
    await greetIdentityServices(clients, everything, 500);
    expect(identityDetails(clients, everything)).toEqual({
      'auth-service': 'connected',
      'tenant-service': 'not connected',
    });
  });

  it('tells of a service that has gone', async () => {
    await greetIdentityServices(clients, asking('grpc', 'none', 'none'), 5_000);
    auth.stop();
    await until(
      () => identityDetails(clients, asking('grpc', 'none', 'none')),
      (details) => details['auth-service'] === 'not connected',
    );
  });

  it('names nobody whom it does not ask', async () => {
    expect(identityDetails(clients, asking('none', 'none', 'none'))).toEqual({});
  });
});
