import { existsSync, readFileSync } from 'node:fs';

/** Every requirement of level 1 and 2 in chapters V6 to V10 of ASVS 5.0: the last number of each section. */
const wanted: Record<string, readonly number[]> = {
  '6.1': [1, 2, 3],
  '6.2': [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
  '6.3': [1, 2, 3, 4],
  '6.4': [1, 2, 3, 4],
  '6.5': [1, 2, 3, 4, 5],
  '6.6': [1, 2, 3],
  '6.8': [1, 2, 3, 4],
  '7.1': [1, 2, 3],
  '7.2': [1, 2, 3, 4],
  '7.3': [1, 2],
  '7.4': [1, 2, 3, 4, 5],
  '7.5': [1, 2],
  '7.6': [1, 2],
  '8.1': [1, 2],
  '8.2': [1, 2, 3],
  '8.3': [1],
  '8.4': [1],
  '9.1': [1, 2, 3],
  '9.2': [1, 2, 3, 4],
  '10.1': [1, 2],
  '10.2': [1, 2],
  '10.3': [1, 2, 3, 4],
  '10.4': [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
  '10.5': [1, 2, 3, 4, 5],
  '10.6': [1, 2],
  '10.7': [1, 2, 3],
};

const rows = readFileSync('docs/asvs.md', 'utf8')
  .split('\n')
  .flatMap((line) => {
    const [item, level, , shownBy] = line.split('|').map((cell) => cell.trim());
    return item !== undefined && /^\d+\.\d+\.\d+$/.test(item) ? [{ item, level, shownBy: shownBy ?? '' }] : [];
  });

const isTitleIn = (source: string, title: string): boolean =>
  ["'", '"', '`'].some((quote) => source.includes(quote + title + quote));

describe('docs/asvs.md', () => {
  it('has one row for every item of level 1 and 2', () => {
    const expected = Object.entries(wanted).flatMap(([section, numbers]) => numbers.map((n) => `${section}.${n}`));
    expect(rows.map(({ item }) => item)).toEqual(expected);
    expect(rows.filter(({ level }) => level !== '1' && level !== '2')).toEqual([]);
  });

  it('names tests that exist, or says why there is nothing to test', () => {
    const wrong = rows.flatMap(({ item, shownBy }) => {
      const tests = [...shownBy.matchAll(/`([\w./-]+\.(?:spec|e2e)\.ts)`: "(.*?)"(?=;| \(|$)/g)];
      if (tests.length === 0) return shownBy.startsWith('does not apply: ') ? [] : [`${item} names no test`];
      return tests.flatMap(([, file = '', title = '']) => {
        if (!existsSync(file)) return [`${item}: there is no ${file}`];
        return isTitleIn(readFileSync(file, 'utf8'), title) ? [] : [`${item}: ${file} has no test "${title}"`];
      });
    });
    expect(wrong).toEqual([]);
  });
});
