import { renameSync, writeFileSync } from 'node:fs';

/** Whole or not at all: whoever reads it meanwhile reads what was there before. */
export function writeWhole(file: string, text: string, mode: number): void {
  writeFileSync(`${file}.new`, text, { mode });
  renameSync(`${file}.new`, file);
}
