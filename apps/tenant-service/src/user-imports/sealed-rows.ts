import { SealAtRest } from '@libs/persistence';

import type { CsvLine } from './csv-lines.js';

/** Rows of a table as they wait in the database: nobody reads an address or the hash of a password there. */
export class SealedRows {
  private readonly seal: SealAtRest;

  constructor(encryptionKey: Buffer) {
    this.seal = new SealAtRest(encryptionKey, 'user-imports');
  }

  write(pieceId: string, rows: readonly CsvLine[]): string {
    return this.seal.seal(pieceId, JSON.stringify(rows));
  }

  read({ id, sealedRows }: { readonly id: string; readonly sealedRows: string }): readonly CsvLine[] {
    return JSON.parse(this.seal.open(id, sealedRows)) as CsvLine[];
  }
}
