import type { Environment } from './environment.js';

/** A variable that is set and that nothing reads, and the setting that it looks like. */
export interface MisspeltName {
  readonly name: string;
  readonly meant: string;
}

/**
 * Variables that nobody reads although they look like settings: `DATABSE_URL`, `redis_url`, `GATEHOUSE_LOG_LEVEL`. What
 * is set to nothing counts as unset.
 */
export function misspeltNames(known: readonly string[], environment: Environment): MisspeltName[] {
  const names = new Set(known);
  return Object.keys(environment)
    .filter((name) => !names.has(name) && !belongsToOthers.has(name) && environment[name])
    .flatMap((name) => {
      const meant = known.find((candidate) => isLike(name, candidate));
      return meant === undefined ? [] : [{ name, meant }];
    });
}

/** The port of nginx in docker-compose.yml, and a file of OpenSSL. */
const belongsToOthers = new Set(['HTTPS_PORT', 'SSL_CERT_FILE']);

function isLike(name: string, known: string): boolean {
  if (name.toUpperCase().replaceAll('-', '_') === known || name === `GATEHOUSE_${known}`) return true;
  // Short names are like many that have nothing to do with us.
  return known.length > 6 && distance(name, known) <= (known.length < 14 ? 1 : 2);
}

/** How many letters are missing, too many, wrong, or changed places with their neighbour. */
function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return Infinity;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const next = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const isSame = a[row - 1] === b[column - 1];
      let cost = Math.min(at(last, column) + 1, at(next, column - 1) + 1, at(last, column - 1) + (isSame ? 0 : 1));
      const isSwapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (isSwapped) cost = Math.min(cost, at(beforeLast, column - 2) + 1);
      next.push(cost);
    }
    [beforeLast, last] = [last, next];
  }
  return at(last, b.length);
}

const at = (row: readonly number[], column: number): number => row[column] ?? Infinity;
