import { headerChanges } from '../../configuration/schema/header-changes.schema.js';
import { HeaderChanges } from './header-changes.js';

const compile = (input: object): HeaderChanges | undefined => HeaderChanges.from(headerChanges.parse(input));

describe('HeaderChanges', () => {
  it('is nothing where nothing is asked for', () => {
    expect(compile({})).toBeUndefined();
  });

  it('removes what is to be set, and adds beside what is there', () => {
    const changes = compile({ set: { 'X-Plan': 'free' }, add: { 'X-Tag': 'a' }, remove: ['X-Debug'] });
    expect(changes?.added).toEqual(['x-plan', 'free', 'x-tag', 'a']);
    expect(['x-plan', 'X_Plan', 'X.DEBUG', 'x-tag', 'x-other'].filter((name) => changes?.removes(name))).toEqual([
      'x-plan',
      'X_Plan',
      'X.DEBUG',
    ]);
  });

  it.each([
    'X-User-Id',
    'x_roles',
    'X-Request-Id',
    'Signature',
    'X-Forwarded-For',
    'X-Forwarded-Anything',
    'Forwarded',
    'Traceparent',
    'Connection',
    'Keep-Alive',
    'Transfer-Encoding',
    'Transfer_Encoding',
    'TE',
    'Trailer',
    'Upgrade',
    'Proxy-Authorization',
    'Content-Length',
    'Host',
    'Expect',
    'Via',
  ])('never touches %s', (name) => {
    for (const changes of [{ set: { [name]: '1' } }, { add: { [name]: '1' } }, { remove: [name] }]) {
      expect(headerChanges.safeParse(changes).success).toBe(false);
    }
  });

  it.each(['a\r\nb: c', 'a\nb', ' a', 'a ', '', 'é', 'a\0b'])('does not set the value %j', (value) => {
    expect(headerChanges.safeParse({ set: { 'X-A': value } }).success).toBe(false);
  });
});
