import { clientAddressFrom, plainAddress } from './client-address.js';
import { Networks } from './networks.js';

const trusted = new Networks(['10.0.0.0/8', '::1']);

describe('clientAddressFrom', () => {
  it.each([
    { when: 'there is no proxy', peer: '1.1.1.1', forwardedFor: undefined, client: '1.1.1.1' },
    { when: 'the peer is no proxy of ours', peer: '1.1.1.1', forwardedFor: '6.6.6.6', client: '1.1.1.1' },
    { when: 'one proxy says who called', peer: '10.0.0.1', forwardedFor: '2.2.2.2', client: '2.2.2.2' },
    {
      when: 'the client lied before the proxy spoke',
      peer: '10.0.0.1',
      forwardedFor: '6.6.6.6, 2.2.2.2',
      client: '2.2.2.2',
    },
    {
      when: 'two proxies stand in a row',
      peer: '10.0.0.1',
      forwardedFor: '6.6.6.6, 2.2.2.2, 10.0.0.2',
      client: '2.2.2.2',
    },
    { when: 'the client is inside', peer: '10.0.0.1', forwardedFor: '10.0.0.9, 10.0.0.2', client: '10.0.0.9' },
    {
      when: 'what the proxy says is no address',
      peer: '10.0.0.1',
      forwardedFor: '2.2.2.2, unknown',
      client: '10.0.0.1',
    },
    { when: 'it says nothing', peer: '10.0.0.1', forwardedFor: '', client: '10.0.0.1' },
    { when: 'it tells the port too', peer: '::1', forwardedFor: '[2001:DB8::1]:443', client: '2001:db8::1' },
  ])('finds $client when $when', ({ peer, forwardedFor, client }) => {
    expect(clientAddressFrom(peer, forwardedFor, trusted)).toBe(client);
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
