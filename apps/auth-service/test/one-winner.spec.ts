import { describeWith, startMariaDb, type TestServer } from '@libs/testing';

import { AuthModule } from './auth-module.fixture.js';
import { oneWinner } from './one-winner.fixture.js';

describe('of many callers at once, SQLite', () => {
  let auth: AuthModule;
  beforeAll(async () => {
    auth = await AuthModule.start();
  });
  afterAll(() => auth.stop());
  oneWinner(() => auth);
});

describeWith(['mariadbd', 'mariadb-install-db'], 'of many callers at once, MariaDB', () => {
  let server: TestServer;
  let auth: AuthModule;
  beforeAll(async () => {
    server = await startMariaDb();
    auth = await AuthModule.start({ DATABASE_URL: server.url });
  }, 60_000);
  afterAll(async () => {
    await auth.stop();
    await server.stop();
  });
  oneWinner(() => auth);
});
