import type { CsvLine } from './csv-lines.js';
import type { ImportProgress } from './import-progress.js';

/** Takes a row with a step of the import. What it throws is no fault of the row: the import rests, and tries again. */
export abstract class RowTaker {
  abstract take(progress: ImportProgress, row: CsvLine): Promise<'created' | 'refused'>;
}
