import {
  type GetUserImportRequest,
  type GetUserImportResponse,
  type GrpcHandlers,
  GrpcService,
  type ListUserImportsRequest,
  type ListUserImportsResponse,
  UserImportServiceService,
} from '@libs/grpc';
import { validRequest } from '@libs/service';
import { Access } from '@libs/trusted-headers';

import { IdField } from '../ids/id.schema.js';
import { importMessage, refusedLineMessage } from './user-import-view.js';
import { userImportListing } from './user-import-listing.js';
import { UserImportsService } from './user-imports.service.js';

@Access('service', { roles: ['platform-admin'] })
@GrpcService(UserImportServiceService)
export class UserImportGrpc implements GrpcHandlers<typeof UserImportServiceService> {
  constructor(private readonly imports: UserImportsService) {}

  async getUserImport(request: GetUserImportRequest): Promise<GetUserImportResponse> {
    const { id } = validRequest(IdField, request);
    const report = await this.imports.report(id);
    return { import: importMessage(report.import), refusedLines: report.refusedRows.map(refusedLineMessage) };
  }

  async listUserImports({ pageSize, ...request }: ListUserImportsRequest): Promise<ListUserImportsResponse> {
    const query = validRequest(userImportListing.query, { ...request, pageSize: pageSize || undefined });
    const { items, nextPageToken } = await this.imports.list(query);
    return { imports: items.map(importMessage), nextPageToken };
  }
}
