import { otherReadings } from './other-readings.js';

describe('otherReadings', () => {
  it.each([
    { path: '/a/b', readings: [] },
    { path: '/a;v=1/b', readings: ['/a/b'] },
    { path: '/a;/b;x', readings: ['/a/b'] },
    { path: '/;x/a', readings: ['/a'] },
    { path: '/a%3Bv/b', readings: ['/a/b', '/a;v/b'] },
    { path: '/a%253Bv/b', readings: ['/a;v/b', '/a/b'] },
    { path: '/%2561', readings: ['/a'] },
    { path: '/a/%252e%252e/b', readings: ['/b'] },
    { path: '/a/%252E%252e;x/b', readings: ['/a/%252E%252e/b', '/a/..;x/b', '/b'] },
    { path: '/%252e%252e/%252e%252e/b', readings: ['/b'] },
    { path: '/a%252Fb', readings: ['/a/b'] },
    { path: '/a%252fb', readings: ['/a/b'] },
    { path: '/a%255Cb', readings: ['/a/b'] },
    { path: '/a%3Ab', readings: ['/a:b'] },
    { path: '/100%25', readings: ['/100%'] },
    { path: '/a%20b', readings: [] },
    { path: '/caf%C3%A9', readings: [] },
    { path: '/%7Bx%7D', readings: [] },
  ])('finds $readings in $path', ({ path, readings }) => {
    expect([...otherReadings(path, false)].toSorted()).toEqual(readings.toSorted());
  });

  it('leaves slashes alone where they are kept', () => {
    expect(otherReadings('/a%2Fb', true)).toEqual([]);
    expect(otherReadings('/a%2Fb', false)).toEqual(['/a/b']);
    expect(otherReadings('/a%252Fb', true)).toEqual(['/a%2Fb']);
  });
});
