import { expectedVersion } from './expected-version.js';

describe('expectedVersion', () => {
  it.each([
    { etag: '', version: undefined },
    { etag: '"0"', version: 0 },
    { etag: '"17"', version: 17 },
  ])('reads $etag', ({ etag, version }) => {
    expect(expectedVersion(etag)).toBe(version);
  });

  it.each(['3', '*', 'W/"3"', '"3', '"a b"', '"3", "4"', ' ""'])('refuses %j, which is no entity tag', (etag) => {
    expect(() => expectedVersion(etag)).toThrow(expect.objectContaining({ code: 'REQUEST_INVALID' }));
  });

  it.each(['""', '"abc"', '"-1"', '"007"', '"1.5"', `"${'9'.repeat(30)}"`])(
    'takes %j, which is none of ours, for one that has changed',
    (etag) => {
      expect(() => expectedVersion(etag)).toThrow(expect.objectContaining({ code: 'RESOURCE_CHANGED' }));
    },
  );
});
