/** Spreadsheets run what begins with one of these as a formula. */
const formula = /^[=+\-@\t\r]/;

/** Text as a cell: with an apostrophe where a spreadsheet would take it for a formula (CWE-1236). */
export const neutralised = (cell: string): string => (formula.test(cell) ? `'${cell}` : cell);

/** What `neutralised` put in front goes again, so that an export can be imported. */
export const restored = (cell: string): string =>
  cell.startsWith("'") && formula.test(cell.slice(1)) ? cell.slice(1) : cell;
