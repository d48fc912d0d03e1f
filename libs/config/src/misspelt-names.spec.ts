import { misspeltNames } from './misspelt-names.js';

const known = ['DATABASE_URL', 'REDIS_URL', 'LOG_LEVEL', 'HTTP_PORT', 'NODE_ENV', 'SEAL_KEY', 'SEAL_KEY_FILE'];
const found = (...names: string[]) => misspeltNames(known, Object.fromEntries(names.map((name) => [name, 'value'])));

describe('a variable that nothing reads', () => {
  it.each([
    ['a letter too few', 'DATABSE_URL', 'DATABASE_URL'],
    ['a letter too many', 'REDISS_URL', 'REDIS_URL'],
    ['two letters that changed places', 'SEAL_KYE', 'SEAL_KEY'],
    ['another word of the same meaning', 'DATABASE_URI', 'DATABASE_URL'],
    ['small letters', 'redis_url', 'REDIS_URL'],
    ['hyphens', 'LOG-LEVEL', 'LOG_LEVEL'],
    ['no underscore', 'LOGLEVEL', 'LOG_LEVEL'],
    ['a prefix that no setting has', 'GATEHOUSE_HTTP_PORT', 'HTTP_PORT'],
    ['a misspelt file of a secret', 'SEAL_KEY_FLIE', 'SEAL_KEY_FILE'],
  ])('is named when it looks like a setting with %s', (_, name, meant) => {
    expect(found(name)).toEqual([{ name, meant }]);
  });

  it('is nobody’s business when it looks like none, is empty, or belongs to a neighbour', () => {
    expect(
      found('PATH', 'HOME', 'JAVA_DIR', 'NODE_OPTIONS', 'MYSQL_URL', 'HTTPS_PORT', 'POD_ENV', 'LOG_LEVEL'),
    ).toEqual([]);
    expect(misspeltNames(known, { DATABSE_URL: '' })).toEqual([]);
  });
});
