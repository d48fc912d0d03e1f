import type { Readable } from 'node:stream';

import { Injectable } from '@nestjs/common';

import { type FieldError, Refusal } from '@libs/errors';
import { CredentialServiceService, GrpcClients } from '@libs/grpc';
import { Audit, Database, Outbox } from '@libs/persistence';
import { validRequest } from '@libs/service';

import { User } from '../users/user.entity.js';
import { UsersService } from '../users/users.service.js';
import { type CsvLine, csvLines } from './csv-lines.js';
import { ImportedLine, ImportedUser } from './user-table.schema.js';

interface RefusedLine {
  /** Of the file, from 1; the header is the first. */
  readonly line: number;
  readonly reason: string;
  readonly errors: readonly FieldError[];
}

export interface ImportReport {
  readonly created: number;
  readonly refused: number;
  /** The first of them. */
  readonly refusedLines: readonly RefusedLine[];
}

const mostTold = 1_000;

/** Makes a user of each good line, each by itself: a bad line is told and keeps no other from being imported. */
@Injectable()
export class UserImportService {
  constructor(
    private readonly database: Database,
    private readonly users: UsersService,
    private readonly clients: GrpcClients,
    private readonly outbox: Outbox,
    private readonly audit: Audit,
  ) {}

  async import(source: Readable): Promise<ImportReport> {
    let [created, refused] = [0, 0];
    const refusedLines: RefusedLine[] = [];
    const refuse = (line: number, reason: string, errors: readonly FieldError[] = []): void => {
      refused += 1;
      if (refusedLines.length < mostTold) refusedLines.push({ line, reason, errors });
    };
    try {
      for await (const line of csvLines(source)) {
        if ('reason' in line) {
          refuse(line.number, line.reason);
          continue;
        }
        try {
          await this.importLine(line);
          created += 1;
        } catch (error) {
          // Only what is wrong with this line is a reason to go on.
          if (!(error instanceof Refusal) || error.entry.status >= 500) throw error;
          refuse(line.number, error.code, error.errors);
        }
      }
    } catch (error) {
      if (!(error instanceof Refusal) || created + refused === 0 || error.entry.status >= 500) throw error;
      refuse(0, error.code, error.errors);
    }
    await this.database.transaction(() =>
      this.audit.record({ action: 'users.imported', target: '', tenantId: '', details: { created, refused } }),
    );
    return { created, refused, refusedLines };
  }

  /** auth-service takes a password only of a user who is there, so one whose password it does not take goes again. */
  private async importLine({ fields }: Extract<CsvLine, { readonly fields: unknown }>): Promise<void> {
    const { user, passwordHash } = validRequest(ImportedLine, fields);
    const { id } = await this.users.create(validRequest(ImportedUser, definedOf(user)));
    if (passwordHash === undefined) return;
    try {
      const credentials = this.clients.to('auth-service', CredentialServiceService);
      await credentials.importPasswordHash({ userId: id, passwordHash }, { as: 'service' });
    } catch (error) {
      await this.takeBack(id);
      throw error;
    }
  }

  /** A call that failed may have left a password all the same; it follows the ending. */
  private async takeBack(id: string): Promise<void> {
    await this.database.transaction(async (manager) => {
      const { affected } = await manager.delete(User, { id, version: 1 });
      if (affected !== 1) return;
      await this.outbox.add('user.deleted', id, { userId: id });
      await this.audit.record({ action: 'user.purged', target: id, tenantId: '' });
    });
  }
}

const definedOf = (fields: object): object =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
