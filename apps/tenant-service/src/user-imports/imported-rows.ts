import { Injectable } from '@nestjs/common';

import { Audit } from '@libs/audit';
import { type FieldError, Refusal } from '@libs/errors';
import { CredentialServiceService, GrpcClients } from '@libs/grpc';
import { newId, Outbox } from '@libs/persistence';
import { validRequest } from '@libs/service';

import { CreateUser } from '../users/user.schema.js';
import { User } from '../users/user.entity.js';
import { UsersService } from '../users/users.service.js';
import type { CsvLine } from './csv-lines.js';
import type { ImportProgress } from './import-progress.js';
import { ImportedLine } from './imported-user.schema.js';
import { RefusedRow } from './refused-row.entity.js';
import { RowTaker } from './row-taker.js';

/** Makes a user of a good row, or writes down why there is none. */
@Injectable()
export class ImportedRows extends RowTaker {
  constructor(
    private readonly users: UsersService,
    private readonly clients: GrpcClients,
    private readonly outbox: Outbox,
    private readonly audit: Audit,
  ) {
    super();
  }

  override async take(progress: ImportProgress, row: CsvLine): Promise<'created' | 'refused'> {
    try {
      if ('reason' in row) return await this.refuse(progress, row, row.reason, row.errors);
      await this.make(progress, row);
      return 'created';
    } catch (error) {
      // Only what is wrong with this row is a reason to go on.
      if (!(error instanceof Refusal) || error.entry.status >= 500) throw error;
      return this.refuse(progress, row, error.code, error.errors);
    }
  }

  /** auth-service takes a password only of a user who is there: that one is noted, and another try goes on with them. */
  private async make(progress: ImportProgress, { fields }: Extract<CsvLine, { readonly fields: unknown }>) {
    const { user, passwordHash } = validRequest(ImportedLine, fields);
    const input = validRequest(CreateUser, definedOf(user));
    const { created, pendingUserId } = progress.import;
    const id = pendingUserId ?? newId();
    const [now, isWithPassword] = [{ movedAt: new Date(), reason: null }, passwordHash !== undefined];
    if (pendingUserId === null) {
      await progress.step(isWithPassword ? { pendingUserId: id } : { created: created + 1, ...now }, () =>
        this.users.add({ ...input, id, defaultTenantId: null }),
      );
    }
    if (passwordHash === undefined) return;
    const credentials = this.clients.to('auth-service', CredentialServiceService);
    await credentials.importPasswordHash({ userId: id, passwordHash }, { as: 'service' });
    await progress.step({ created: created + 1, pendingUserId: null, ...now });
  }

  private async refuse(
    progress: ImportProgress,
    { number: line }: CsvLine,
    reason: string,
    errors: readonly FieldError[] = [],
  ): Promise<'refused'> {
    const { id: importId, refused, pendingUserId } = progress.import;
    const position = progress.rowsDone;
    const step = { refused: refused + 1, pendingUserId: null, movedAt: new Date(), reason: null };
    await progress.step(step, async (manager) => {
      await manager.insert(RefusedRow, { id: newId(), importId, position, line, reason, errors: [...errors] });
      if (pendingUserId === null) return;
      // A call that failed may have left a password all the same; it follows the ending.
      const { affected } = await manager.delete(User, { id: pendingUserId, version: 1 });
      if (affected !== 1) return;
      await this.outbox.add('user.deleted', pendingUserId, { userId: pendingUserId });
      await this.audit.record({ action: 'user.purged', target: pendingUserId, tenantId: '' });
    });
    return 'refused';
  }
}

const definedOf = (fields: object): object =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
