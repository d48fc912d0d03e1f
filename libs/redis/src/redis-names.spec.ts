import { Names } from '@libs/names';
import { describeWith, NameServer, startRedis, type TestServer } from '@libs/testing';

import { connectRedis } from './redis-connection.js';

const silent = { warn: () => undefined, log: () => undefined };

describeWith(['redis-server'], 'a connection to Redis', () => {
  let server: TestServer;
  let nameServer: NameServer;

  beforeAll(async () => {
    server = await startRedis();
    nameServer = await NameServer.start();
  });
  afterAll(async () => {
    await nameServer.close();
    await server.stop();
  });

  it('finds its server by the names that it is given, and not by those of the system', async () => {
    nameServer.know('redis.shop.test', [{ type: 'A', address: '127.0.0.1' }]);
    const url = new URL(server.url);
    url.hostname = 'redis.shop.test';
    const names = new Names({ servers: [nameServer.address] });
    const redis = connectRedis(url.href, 'test', silent, names);
    try {
      await new Promise((resolve) => redis.once('ready', resolve));
      expect(await redis.ping()).toBe('PONG');
    } finally {
      redis.disconnect();
    }
  });
});
