import { isReservedHeader, reservedHeaders } from './header-names.js';

describe('isReservedHeader', () => {
  it.each(reservedHeaders)('reserves %s in every spelling', (name) => {
    const spellings = [
      name,
      name.toUpperCase(),
      name.replaceAll('-', '_'),
      name.replaceAll('-', '.'),
      name.replace('-', '_').toUpperCase(),
      name.replaceAll('-', '~'),
    ];
    expect(spellings.filter((spelling) => !isReservedHeader(spelling))).toEqual([]);
  });

  it.each(['X-Forwarded-Port', 'x_forwarded_prefix', 'X-Forwarded-User'])(
    'reserves %s with all of its family',
    (name) => {
      expect(isReservedHeader(name)).toBe(true);
    },
  );

  it.each([
    'authorization',
    'content-type',
    'x-user',
    'x-user-ids',
    'xuserid',
    'traceparent',
    'x-tenant',
    'cookie',
    '',
  ])('leaves %p to the client', (name) => {
    expect(isReservedHeader(name)).toBe(false);
  });
});
