import { isAddressOrNetwork } from './api-key-address.js';

describe('isAddressOrNetwork', () => {
  it.each(['192.0.2.1', '192.0.2.0/24', '0.0.0.0/0', '10.0.0.1/32', '::1', '2001:db8::/32', '::/0', '2001:db8::1/128'])(
    'takes %s',
    (text) => expect(isAddressOrNetwork(text)).toBe(true),
  );

  it.each([
    '',
    'localhost',
    '192.0.2',
    '192.0.2.256',
    '192.0.2.0/33',
    '192.0.2.0/',
    '192.0.2.0/-1',
    '192.0.2.0/024',
    '192.0.2.0/24/8',
    '2001:db8::/129',
    'fe80::1%eth0',
    ' 192.0.2.1',
  ])('takes no %j', (text) => expect(isAddressOrNetwork(text)).toBe(false));
});
