import { createConnection, type Connection } from 'mysql2/promise';

import { describeWith } from './describe-with.js';
import { startMariaDb } from './maria-db.js';

describeWith(['mariadbd', 'mariadb-install-db'], 'startMariaDb', () => {
  it('keeps what was committed when it is killed', async () => {
    const server = await startMariaDb();
    try {
      await using(server.url, async (connection) => {
        await connection.query('CREATE TABLE kept (id INT PRIMARY KEY) ENGINE=InnoDB');
        await connection.query('INSERT INTO kept VALUES (42)');
      });
      await server.kill();
      await server.restart();
      await using(server.url, async (connection) => {
        expect((await connection.query('SELECT id FROM kept'))[0]).toEqual([{ id: 42 }]);
      });
    } finally {
      await server.stop();
    }
  }, 60_000);
});

async function using(url: string, work: (connection: Connection) => Promise<void>): Promise<void> {
  const connection = await createConnection(url);
  try {
    await work(connection);
  } finally {
    await connection.end();
  }
}
