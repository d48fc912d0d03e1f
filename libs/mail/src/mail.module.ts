import { type DynamicModule, Module } from '@nestjs/common';

import { Database, SealAtRest } from '@libs/persistence';

import { MailRounds } from './mail-rounds.js';
import { Mailer } from './mailer.js';
import { type MailerOptions, openMailer } from './open-mailer.js';
import { Postbox } from './postbox.js';
import { PostedMail } from './posted-mail.entity.js';

/** What `PersistenceModule` must be given besides `MailTables1700000000500`. */
export const mailEntities = [PostedMail] as const;

export interface MailOptions extends MailerOptions {
  /** 32 bytes: emails that wait are encrypted with a key made from it. */
  readonly encryptionKey: Buffer;
}

@Module({})
export class MailModule {
  /** Needs a `Database` with this library's table, as of `PersistenceModule`. */
  static forRoot({ encryptionKey, ...options }: MailOptions): DynamicModule {
    const seal = new SealAtRest(encryptionKey, 'mail');
    return {
      module: MailModule,
      global: true,
      providers: [
        { provide: Mailer, useFactory: () => openMailer(options) },
        {
          provide: MailRounds,
          useFactory: (database: Database, mailer: Mailer) => new MailRounds(database, mailer, seal),
          inject: [Database, Mailer],
        },
        {
          provide: Postbox,
          useFactory: (database: Database, rounds: MailRounds) => new Postbox(database, rounds, seal),
          inject: [Database, MailRounds],
        },
      ],
      exports: [Postbox],
    };
  }
}
