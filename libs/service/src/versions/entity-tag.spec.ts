import { matches, readEntityTags, versionOf } from './entity-tag.js';

const strong = (opaque: string) => ({ opaque, isWeak: false });
const weak = (opaque: string) => ({ opaque, isWeak: true });

describe('a list of entity tags', () => {
  it.each([
    { header: '*', tags: '*' },
    { header: ' * ', tags: '*' },
    { header: '"3"', tags: [strong('3')] },
    { header: '""', tags: [strong('')] },
    { header: '"a,b" , W/"c"', tags: [strong('a,b'), weak('c')] },
    { header: ',"3",\t, "4",', tags: [strong('3'), strong('4')] },
    { header: '"W/"', tags: [strong('W/')] },
  ])('is read from $header', ({ header, tags }) => {
    expect(readEntityTags(header)).toEqual(tags);
  });

  it.each([
    '',
    ' ',
    ',',
    '3',
    '"3',
    '3"',
    '"3" "4"',
    '"3";',
    '*, "3"',
    '"3", *',
    'w/"3"',
    'W/ "3"',
    "'3'",
    '"a b"',
    '"\u0001"',
  ])('is not read from %j', (header) => {
    expect(readEntityTags(header)).toBeUndefined();
  });

  // RFC 9110 §8.8.3.2.
  it.each([
    { one: weak('1'), other: weak('1'), isStrong: false, isWeak: true },
    { one: weak('1'), other: weak('2'), isStrong: false, isWeak: false },
    { one: weak('1'), other: strong('1'), isStrong: false, isWeak: true },
    { one: strong('1'), other: strong('1'), isStrong: true, isWeak: true },
  ])('is compared as the RFC has it: $one and $other', ({ one, other, isStrong, isWeak }) => {
    for (const [listed, current] of [
      [one, other],
      [other, one],
    ] as const) {
      expect(matches([strong('x'), listed], current, 'strong')).toBe(isStrong);
      expect(matches([strong('x'), listed], current, 'weak')).toBe(isWeak);
    }
  });

  it.each([
    { opaque: '0', version: 0 },
    { opaque: '17', version: 17 },
    { opaque: '17.Ab_-9zZ0', version: 17 },
    { opaque: '017', version: undefined },
    { opaque: '17.', version: undefined },
    { opaque: '17.toolongtag', version: undefined },
    { opaque: '-1', version: undefined },
    { opaque: '1e3', version: undefined },
    { opaque: '9999999999999999', version: undefined },
  ])('names the version $version by $opaque', ({ opaque, version }) => {
    expect(versionOf(opaque)).toBe(version);
  });
});
