import { jest } from '@jest/globals';

import { describeWith } from '@libs/testing';

import { Client } from './support/client.js';
import { type Nginx, startNginx } from './support/nginx.js';
import { EmbeddedStack } from './support/stack.js';
import { theWholeFlow } from './support/whole-flow.js';

jest.setTimeout(60_000);

describeWith(['nginx', 'openssl'], 'behind nginx, which terminates TLS', () => {
  let stack: EmbeddedStack;
  let nginx: Nginx;
  let client: Client;

  beforeAll(async () => {
    stack = await EmbeddedStack.create({ TRUSTED_PROXY: '127.0.0.1/32', LOG_LEVEL: 'info' });
    await stack.start();
    nginx = await startNginx({ gateways: stack.gateways });
    client = new Client(nginx.url, { caFile: nginx.caFile });
  });
  afterAll(async () => {
    await client?.close();
    await nginx?.stop();
    await stack?.dispose();
  });

  theWholeFlow(() => client);

  it('does not believe what a client says about its own address', async () => {
    await client.get('/public/status', { headers: { 'x-forwarded-for': '203.0.113.7', forwarded: 'for=203.0.113.7' } });
    expect(stack.output()).toContain('"client_address":"127.0.0.1"');
    expect(stack.output()).not.toContain('203.0.113.7');
  });

  it('sends plain HTTP to HTTPS', async () => {
    const answer = await fetch(`${nginx.plainUrl}/projects`, { redirect: 'manual' });
    expect(answer.status).toBe(308);
    expect(answer.headers.get('location')).toBe(`${nginx.url}/projects`);
  });
});
