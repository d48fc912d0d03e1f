import { Injectable } from '@nestjs/common';
import { stringify } from 'csv-stringify/sync';

import { Audit } from '@libs/audit';
import { Database } from '@libs/persistence';

import type { User } from '../users/user.entity.js';
import { UsersService } from '../users/users.service.js';
import { neutralised } from './formula-cells.js';

const columns = ['id', 'username', 'email', 'display_name', 'status', 'platform_roles', 'created_at', 'updated_at'];
const pageSize = 100;

/** The users as a table, a page of them at a time. No password leaves with it. */
@Injectable()
export class UserExportService {
  constructor(
    private readonly database: Database,
    private readonly users: UsersService,
    private readonly audit: Audit,
  ) {}

  async *csv(filter: string | undefined): AsyncGenerator<string> {
    let pageToken = '';
    do {
      const page = await this.page(filter, pageToken);
      pageToken = page.nextPageToken;
      yield page.csv;
    } while (pageToken !== '');
  }

  /** The first page begins with the header. */
  async page(filter: string | undefined, pageToken: string): Promise<{ csv: string; nextPageToken: string }> {
    const request = { pageSize, orderBy: 'createdAt', filter, pageToken };
    const { items, nextPageToken } = await this.users.list(request);
    const lines = stringify(items.map(lineOf));
    if (pageToken !== '') return { csv: lines, nextPageToken };
    await this.database.transaction(() =>
      this.audit.record({ action: 'users.exported', target: '', tenantId: '', details: { filter: filter ?? '' } }),
    );
    return { csv: stringify([columns]) + lines, nextPageToken };
  }
}

const lineOf = (user: User): string[] =>
  [
    user.id,
    user.username,
    user.email,
    user.displayName,
    user.status,
    user.platformRoles.join(' '),
    user.createdAt.toISOString(),
    user.updatedAt.toISOString(),
  ].map(neutralised);
