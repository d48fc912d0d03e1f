import { Injectable } from '@nestjs/common';

import { Database, type PageRequest } from '@libs/persistence';

import { AuditEntry, recordOf } from './audit-entry.entity.js';
import { auditListing } from './audit-listing.js';
import type { AuditPage } from './audit-view.js';

const exportPageSize = 100;

/** Reads the chain of one tenant; an empty id names what belongs to none. Whoever calls has checked who may. */
@Injectable()
export class AuditReader {
  constructor(private readonly database: Database) {}

  async list(tenantId: string, request: PageRequest): Promise<AuditPage> {
    const { items, nextPageToken } = await auditListing.page(this.entriesOf(tenantId), request);
    return { items: items.map(recordOf), nextPageToken };
  }

  /** From the first entry on. */
  async *all(tenantId: string, filter: string | undefined): AsyncGenerator<AuditPage['items']> {
    let pageToken = '';
    do {
      const page = await this.list(tenantId, { orderBy: 'sequence', pageSize: exportPageSize, filter, pageToken });
      ({ nextPageToken: pageToken } = page);
      yield page.items;
    } while (pageToken !== '');
  }

  private entriesOf(tenantId: string) {
    return this.database.manager
      .createQueryBuilder(AuditEntry, 'entry')
      .where('entry.tenantId = :chainTenantId', { chainTenantId: tenantId });
  }
}
