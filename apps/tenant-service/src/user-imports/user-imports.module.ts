import { Module } from '@nestjs/common';

import { UsersModule } from '../users/users.module.js';
import { CsvBody } from './csv-body.js';
import { ImportMetrics } from './import-metrics.js';
import { ImportPieces } from './import-pieces.js';
import { ImportRounds } from './import-rounds.js';
import { ImportedRows } from './imported-rows.js';
import { ReceivedTables } from './received-tables.js';
import { RefusedRow } from './refused-row.entity.js';
import { RowTaker } from './row-taker.js';
import { UserImportPiece } from './user-import-piece.entity.js';
import { UserImport } from './user-import.entity.js';
import { UserImportGrpc } from './user-import.grpc.js';
import { UserImportsController } from './user-imports.controller.js';
import { UserImportsService } from './user-imports.service.js';

export const userImportsEntities = [UserImport, UserImportPiece, RefusedRow] as const;

/** Users from a table. */
@Module({
  imports: [UsersModule],
  controllers: [UserImportsController, UserImportGrpc],
  providers: [
    CsvBody,
    ReceivedTables,
    { provide: RowTaker, useClass: ImportedRows },
    ImportMetrics,
    ImportPieces,
    ImportRounds,
    UserImportsService,
  ],
  exports: [UserImportsService],
})
export class UserImportsModule {}
