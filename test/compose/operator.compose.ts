import { jest } from '@jest/globals';

import { compose, untilHealthy } from './compose-stack.js';

jest.setTimeout(120_000);

const operator = (...words: readonly string[]): Promise<string> =>
  compose('run', '--rm', '-T', 'operator', 'node', ...words);

describe('an operator of the stack', () => {
  beforeAll(async () => void (await untilHealthy()));

  it('verifies every chain of the audit trail', async () => {
    const lines = (await operator('dist/tools/audit.js', 'verify')).trim().split('\n');
    expect(lines.filter((line) => !line.startsWith('intact  '))).toEqual([]);
    expect(lines.length).toBeGreaterThan(0);
  });

  it('calls the internal REST API', async () => {
    const said = await operator('dist/tools/seal-headers.js', 'tenant-service', 'GET', '/internal/users?filter=username%3Dadmin', '--send'); // prettier-ignore
    expect(JSON.parse(said)).toMatchObject({ items: [{ username: 'admin' }] });
  });

  it('calls the internal gRPC API', async () => {
    const said = await operator('dist/tools/grpc-call.js', 'tenant-service', 'gatehouse.tenant.v1.UserService/ListUsers', '{"pageSize": 1}'); // prettier-ignore
    expect(JSON.parse(said)).toMatchObject({ users: [{ status: 'USER_STATUS_ACTIVE' }] });
  });

  it('lists the signing keys', async () => {
    expect(await operator('dist/tools/signing-keys.js', 'list')).toMatch(/ {2}signing {2}signs from /);
  });

  it('manages a gateway, and looks into a service', async () => {
    const manage = (service: string, ...words: readonly string[]): Promise<string> =>
      compose('exec', '-T', service, 'node', 'dist/tools/manage.js', ...words);
    const weigh = (override: object): Promise<string> =>
      manage('gateway-2', 'PUT', '/services/ecs-service/instances/ecs-service:3004', JSON.stringify(override)); // prettier-ignore
    await weigh({ weight: 2 });
    expect(JSON.stringify(JSON.parse(await manage('gateway-2', 'GET', '/services')))).toContain('"weight":2');
    await weigh({});
    const levels = await manage('auth-service', 'GET', '/actuator/loggers', '--port', '9091', '--service', 'auth-service'); // prettier-ignore
    expect(JSON.parse(levels)).toMatchObject({ levels: expect.any(Array) });
  });

  it('is turned away where no tool calls', async () => {
    await expect(
      operator('dist/tools/seal-headers.js', 'auth-service', 'GET', '/auth/me', '--send'),
    ).rejects.toMatchObject({ code: 64 });
  });
});
