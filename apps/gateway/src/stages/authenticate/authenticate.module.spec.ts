import { Test } from '@nestjs/testing';

import { apiKeySecretBytes, writeApiKey } from '@libs/api-keys';
import { ClockModule, ComparedClock } from '@libs/clock';
import { EventsModule } from '@libs/events';
import { GrpcModule } from '@libs/grpc';
import { names, NamesModule } from '@libs/names';
import { ObservabilityModule } from '@libs/observability';
import { RateLimitsModule } from '@libs/rate-limits';
import { RedisModule } from '@libs/redis';
import { aSealKey } from '@libs/testing';

import { AuthorizeGuard } from '../authorize/authorize.guard.js';
import { AuthorizeModule } from '../authorize/authorize.module.js';
import { ConfigurationModule } from '../../configuration/live/configuration.module.js';
import { gatewayConfiguration } from '../../configuration/check/gateway-configuration.js';
import { AddressGuard } from '../limit/address.guard.js';
import { RateLimitGuard } from '../limit/rate-limit.guard.js';
import { RateLimitModule } from '../limit/rate-limit.module.js';
import { aRequest } from './a-request.fixture.js';
import { AuthenticateGuard } from './authenticate.guard.js';
import { AuthenticateModule } from './authenticate.module.js';

const aKey = writeApiKey('01932c07-4e5a-7c1e-9b3f-2a6d8e4f0c11', Buffer.alloc(apiKeySecretBytes, 1));
const issuers = [{ issuer: 'https://issuer.test', audience: 'api', jwksUrl: 'http://127.0.0.1:1/jwks.json' }];
const guards = [AddressGuard, AuthenticateGuard, AuthorizeGuard, RateLimitGuard];

const gatewayWith = (resolver: 'grpc' | 'none') =>
  Test.createTestingModule({
    imports: [
      ConfigurationModule.forRoot({
        configuration: gatewayConfiguration.parse({
          authentication: { jwt: { issuers }, sessions: { resolver }, apiKeys: { resolver } },
          accounts: { resolver },
        }),
      }),
      ObservabilityModule.forRoot({ service: 'gateway', level: 'silent' }),
      NamesModule.of(names),
      ClockModule.of(new ComparedClock()),
      RedisModule.forRoot({}),
      EventsModule,
      RateLimitsModule.forRoot(),
      GrpcModule.forRoot({
        service: 'gateway',
        sealKey: aSealKey(),
        peers: { 'auth-service': '127.0.0.1:1', 'tenant-service': '127.0.0.1:1' },
      }),
      AuthenticateModule,
      AuthorizeModule,
      RateLimitModule,
    ],
  }).compile();

describe('the modules of the guards', () => {
  it.each(['grpc', 'none'] as const)('give the guards all that they need with the resolver %s', async (resolver) => {
    const gateway = await gatewayWith(resolver);
    await gateway.init();
    const { execution } = aRequest({ access: { authenticated: false } });
    for (const guard of guards) expect(await gateway.get(guard).canActivate(execution)).toBe(true);
    await gateway.close();
  });

  it('refuse a call that nobody can judge with 503, not 401', async () => {
    const gateway = await gatewayWith('grpc');
    await gateway.init();
    const { execution } = aRequest({ headers: { 'x-api-key': aKey } });
    await expect(gateway.get(AuthenticateGuard).canActivate(execution)).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      headers: { 'retry-after': '1' },
    });
    await gateway.close();
  });
});
