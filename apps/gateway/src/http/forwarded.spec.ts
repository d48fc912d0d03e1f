import { plainAddress } from './client-address.js';
import { forwardedBy } from './forwarded.js';
import { Networks } from './networks.js';

const trusted = new Networks(['10.0.0.0/8', '::1']);

const from = (peer: string, headers: Record<string, string>) => forwardedBy(peer, headers, trusted);

describe('forwardedBy', () => {
  it.each([
    { when: 'one proxy says who called', forwardedFor: '2.2.2.2', client: '2.2.2.2' },
    { when: 'the client lied before the proxy spoke', forwardedFor: '6.6.6.6, 2.2.2.2', client: '2.2.2.2' },
    { when: 'two proxies stand in a row', forwardedFor: '6.6.6.6, 2.2.2.2, 10.0.0.2', client: '2.2.2.2' },
    { when: 'the client is inside', forwardedFor: '10.0.0.9, 10.0.0.2', client: '10.0.0.9' },
    { when: 'what the proxy says is no address', forwardedFor: '2.2.2.2, unknown', client: '10.0.0.1' },
    { when: 'it says nothing', forwardedFor: '', client: '10.0.0.1' },
    { when: 'some members are empty', forwardedFor: ', 2.2.2.2,, ', client: '2.2.2.2' },
    { when: 'tabs stand around them', forwardedFor: '6.6.6.6\t,\t2.2.2.2', client: '2.2.2.2' },
    { when: 'it tells the port too', forwardedFor: '2.2.2.2:4711', client: '2.2.2.2' },
    { when: 'it tells the port of IPv6', forwardedFor: '[2001:DB8::1]:443', client: '2001:db8::1' },
    { when: 'it puts brackets around IPv6', forwardedFor: '[2001:db8::1]', client: '2001:db8::1' },
    { when: 'it quotes', forwardedFor: '"[2001:db8::1]:443"', client: '2001:db8::1' },
    { when: 'it writes IPv6 at length', forwardedFor: '2001:0DB8:0:0:0:0:0:1', client: '2001:db8::1' },
    { when: 'it writes IPv4 as IPv6', forwardedFor: '::FFFF:0202:0202', client: '2.2.2.2' },
    { when: 'a proxy is named in another spelling', forwardedFor: '2.2.2.2, 0:0:0:0:0:0:0:1', client: '2.2.2.2' },
  ])('finds $client when $when', ({ forwardedFor, client }) => {
    expect(from('10.0.0.1', { 'x-forwarded-for': forwardedFor }).clientAddress).toBe(client);
  });

  it.each([
    ['https', 'https'],
    ['HTTPS', 'https'],
    ['wss', 'https'],
    ['WSS', 'https'],
    ['ws', 'http'],
    ['http', 'http'],
    ['"https"', 'https'],
    [' https ,', 'https'],
    [',,', undefined],
    ['', undefined],
    ['ftp', undefined],
    ['constructor', undefined],
    ['https, http', 'http'],
    ['http, https', 'https'],
  ])('takes the protocol of its neighbour out of "%s"', (said, protocol) => {
    expect(from('10.0.0.1', { 'x-forwarded-proto': said }).protocol).toBe(protocol);
  });

  it.each([
    { what: 'of the proxy that named the client', For: '2.2.2.2, 10.0.0.2', said: 'https, http', protocol: 'https' },
    { what: 'that the client has not made up', For: '6.6.6.6, 2.2.2.2', said: 'https, http', protocol: 'http' },
    { what: 'that proxies leave alone', For: '2.2.2.2, 10.0.0.3, 10.0.0.2', said: 'https', protocol: 'https' },
    { what: 'that the nearest proxy named', For: 'unknown, 10.0.0.2', said: 'http, https', protocol: 'https' },
  ])('takes the protocol $what', ({ For, said, protocol }) => {
    expect(from('10.0.0.1', { 'x-forwarded-for': For, 'x-forwarded-proto': said }).protocol).toBe(protocol);
  });

  it.each([
    { For: '2.2.2.2, 10.0.0.2', said: 'shop.example, inner.example', host: 'shop.example' },
    { For: '2.2.2.2', said: 'evil.example, shop.example:8443', host: 'shop.example:8443' },
    { For: '2.2.2.2', said: '"[2001:db8::1]:8443",', host: '[2001:db8::1]:8443' },
    { For: '', said: ' , ', host: '' },
  ])('takes the host $host out of "$said"', ({ For, said, host }) => {
    expect(from('::1', { 'x-forwarded-for': For, 'x-forwarded-host': said }).host).toBe(host);
  });
});

describe('plainAddress', () => {
  it.each([
    ['::ffff:1.2.3.4', '1.2.3.4'],
    ['1.2.3.4:80', '1.2.3.4'],
    ['fe80::1%eth0', undefined],
    ['1.2.3', undefined],
    ['', undefined],
  ])('reads %s as %s', (text, address) => {
    expect(plainAddress(text)).toBe(address);
  });
});
