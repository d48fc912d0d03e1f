import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Logger } from '@nestjs/common';

import {
  type Database,
  newId,
  openDatabase,
  PersistenceTables1700000000000,
  persistenceEntities,
  SealAtRest,
} from '@libs/persistence';
import { describeWith, startMariaDb, type TestServer, until } from '@libs/testing';

import { mailEntities } from './mail.module.js';
import { MailRounds } from './mail-rounds.js';
import { MailTables1700000000500 } from './mail-tables.js';
import { Mailer, MailRejected, type OutgoingMail } from './mailer.js';
import { Postbox } from './postbox.js';
import { PostedMail } from './posted-mail.entity.js';

Logger.overrideLogger(false);

const minute = 60_000;

/** Keeps what it is given, or fails as it is told to. */
class NotedMailer extends Mailer {
  readonly sent: OutgoingMail[] = [];
  failure: Error | undefined;

  override send(mail: OutgoingMail): Promise<void> {
    if (this.failure !== undefined) return Promise.reject(this.failure);
    this.sent.push(mail);
    return Promise.resolve();
  }
}

function postbox(startServer: () => Promise<TestServer | undefined>): void {
  const dataDir = mkdtempSync(join(tmpdir(), 'gatehouse-mail-'));
  const seal = new SealAtRest(randomBytes(32), 'mail');
  const welcome = { to: 'alice@example.com', subject: 'Welcome', text: 'Hello Alice' };
  let server: TestServer | undefined;
  let database: Database;
  let mailer: NotedMailer;
  let rounds: MailRounds;
  let box: Postbox;

  beforeAll(async () => {
    server = await startServer();
    database = await openDatabase({
      service: 'mail-test',
      databaseUrl: server?.url,
      dataDir,
      entities: [...persistenceEntities, ...mailEntities],
      migrations: [PersistenceTables1700000000000, MailTables1700000000500],
    });
  }, 60_000);
  beforeEach(async () => {
    await database.transaction((manager) => manager.createQueryBuilder().delete().from(PostedMail).execute());
    mailer = new NotedMailer();
    rounds = new MailRounds(database, mailer, seal);
    box = new Postbox(database, rounds, seal);
  });
  afterEach(() => rounds.beforeApplicationShutdown());
  afterAll(async () => {
    await database.close();
    await server?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const waiting = (): Promise<number> => database.manager.count(PostedMail);
  const post = (uselessAt?: Date): Promise<void> => database.transaction(() => box.post(welcome, uselessAt));

  it('sends an email once its transaction is committed, and forgets it', async () => {
    await post();
    await until(waiting, (count) => count === 0);
    expect(mailer.sent).toEqual([{ ...welcome, id: expect.any(String) }]);
  });

  it('sends nothing for what was rolled back, and takes no email outside of a transaction', async () => {
    const undone = database.transaction(async () => {
      await box.post(welcome);
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    await expect(box.post(welcome)).rejects.toThrow('transaction');
    await rounds.round();
    expect(mailer.sent).toEqual([]);
    expect(await waiting()).toBe(0);
  });

  it('keeps what cannot be sent, and sends it when the server is back', async () => {
    mailer.failure = new Error('connection refused');
    await post();
    await until(
      () => database.manager.findOneBy(PostedMail, {}),
      (posted) => posted?.attempts === 1,
    );
    mailer.failure = undefined;
    await rounds.round(Date.now() + minute / 2);
    expect(mailer.sent).toEqual([]);
    await rounds.round(Date.now() + 2 * minute);
    expect(mailer.sent).toHaveLength(1);
    expect(await waiting()).toBe(0);
  });

  it.each([
    { what: 'was rejected for good', failure: new MailRejected('no such mailbox'), uselessAt: undefined },
    { what: 'is of no use any more', failure: undefined, uselessAt: new Date(0) },
  ])('forgets an email that $what', async ({ failure, uselessAt }) => {
    mailer.failure = failure;
    await post(uselessAt);
    await until(waiting, (count) => count === 0);
    expect(mailer.sent).toEqual([]);
  });

  it('lets one of several processes send an email', async () => {
    const id = newId();
    const row = {
      id,
      sealedMail: seal.seal(id, JSON.stringify(welcome)),
      attempts: 0,
      nextAttemptAt: new Date(0),
      uselessAt: new Date(Date.now() + minute),
    };
    await database.transaction((manager) => manager.insert(PostedMail, row));
    await Promise.all(Array.from({ length: 10 }, () => new MailRounds(database, mailer, seal).round()));
    expect(mailer.sent).toHaveLength(1);
  });

  it('shows nothing of an email in its table', async () => {
    mailer.failure = new Error('connection refused');
    await post();
    const posted = await database.manager.findOneByOrFail(PostedMail, {});
    expect(JSON.stringify(posted) + Buffer.from(posted.sealedMail, 'base64').toString('latin1')).not.toMatch(
      /alice|Hello/,
    );
  });
}

describe('the postbox on SQLite', () => {
  postbox(() => Promise.resolve(undefined));
});
describeWith(['mariadbd', 'mariadb-install-db'], 'the postbox on MariaDB', () => {
  postbox(startMariaDb);
});
