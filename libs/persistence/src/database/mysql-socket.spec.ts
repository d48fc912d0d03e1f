import { Names } from '@libs/names';
import { describeWith, NameServer, startMariaDb, type TestServer } from '@libs/testing';

import { mysqlAddress } from './mysql-address.js';
import { mysqlPools } from './mysql-pool.js';
import { ensureSchema } from './mysql-schema.js';

describeWith(['mariadbd'], 'a connection to MySQL', () => {
  let server: TestServer;
  let nameServer: NameServer;

  beforeAll(async () => {
    server = await startMariaDb();
    nameServer = await NameServer.start();
    nameServer.know('db.shop.test', [{ type: 'A', address: '127.0.0.1' }]);
  }, 60_000);
  afterAll(async () => {
    await nameServer.close();
    await server.stop();
  });

  it('finds its server by the names that it is given, and not by those of the system', async () => {
    const url = server.url.replace('127.0.0.1', 'db.shop.test');
    const names = new Names({ servers: [nameServer.address], resolverFile: '/nowhere' });
    const address = { ...mysqlAddress(url, 'shop'), names };
    await ensureSchema(address);
    const pool = mysqlPools(true, names).createPool({
      host: address.host,
      port: address.port,
      user: address.user,
      password: address.password,
      database: address.schema,
    });
    const rows = await new Promise((resolve, reject) =>
      pool.query('SELECT 1 AS one', (error, found) => (error === null ? resolve(found) : reject(error))),
    );
    expect(rows).toEqual([{ one: 1 }]);
    await pool.promise().end();
    expect(nameServer.questionsAbout('db.shop.test')).toBe(2);
  });
});
