import { renameSync, rmSync, writeFileSync } from 'node:fs';

/** Whole or not at all: whoever reads it meanwhile reads what was there before. */
export function writeWhole(file: string, text: string, mode: number): void {
  // What a crash has left may be nobody's to write to.
  rmSync(`${file}.new`, { force: true });
  writeFileSync(`${file}.new`, text, { mode });
  renameSync(`${file}.new`, file);
}
