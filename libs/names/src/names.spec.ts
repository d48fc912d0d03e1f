import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { NameServer } from '@libs/testing';

import { Names, type NamesOptions } from './names.js';

const silent = { log: () => undefined, warn: () => undefined };

let folder: string;
let server: NameServer;
let now: number;
let resolverFile: string;
let hostsFile: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-names-'));
  resolverFile = join(folder, 'resolv.conf');
  hostsFile = join(folder, 'hosts');
  server = await NameServer.start();
  now = 0;
});
afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

const someNames = (options: NamesOptions = {}): Names =>
  new Names({
    servers: [server.address],
    resolverFile,
    hostsFile,
    questionMs: 250,
    clock: () => now,
    logger: silent,
    ...options,
  });

const at = (...addresses: string[]) => addresses.map((address) => ({ type: 'A' as const, address, ttl: 60 }));
const plain = async (asked: Promise<readonly { address: string }[]>): Promise<unknown> =>
  (await asked).map(({ address }) => address);
const codeOf = (asked: Promise<unknown>): Promise<unknown> =>
  asked.then(
    () => 'found',
    (error: unknown) => (error as NodeJS.ErrnoException).code,
  );

describe('Names', () => {
  it('gives the addresses of both families, IPv4 first', async () => {
    server.know('shop.test', [{ type: 'AAAA', address: 'fd00:0:0:0:0:0:0:1' }, ...at('10.0.0.1', '10.0.0.2')]);
    expect(await someNames().addresses('shop.test')).toEqual([
      { address: '10.0.0.1', family: 4 },
      { address: '10.0.0.2', family: 4 },
      { address: 'fd00::1', family: 6 },
    ]);
  });

  it('asks nobody about an address and about localhost', async () => {
    const names = someNames();
    expect(await names.addresses('10.0.0.1')).toEqual([{ address: '10.0.0.1', family: 4 }]);
    expect(await names.addresses('fd00::1')).toEqual([{ address: 'fd00::1', family: 6 }]);
    expect(await plain(names.addresses('localhost'))).toEqual(['127.0.0.1', '::1']);
    expect(await plain(names.addresses('Shop.Localhost.'))).toEqual(['127.0.0.1', '::1']);
    expect(server.asked).toEqual([]);
  });

  it('tells a name that there is not from one about which nobody answers', async () => {
    server.know('broken.test', 'failure');
    const names = someNames();
    expect(await codeOf(names.addresses('none.test'))).toBe('ENOTFOUND');
    expect(await codeOf(names.addresses('broken.test'))).toBe('EAI_AGAIN');
    expect(await codeOf(names.addresses('no name at all'))).toBe('ENOTFOUND');
    expect(await codeOf(names.addresses(''))).toBe('ENOTFOUND');
  });

  it('is done with a name about which nobody answers', async () => {
    server.know('silent.test', 'silent');
    expect(await codeOf(someNames().addresses('silent.test'))).toBe('EAI_AGAIN');
  });

  it('does without the family about which nobody answers', async () => {
    server.know('shop.test', at('10.0.0.1'), 'AAAA');
    expect(await plain(someNames().addresses('shop.test'))).toEqual(['10.0.0.1']);
  });

  describe('the hosts file', () => {
    it('wins, whatever the letters, and however often a name stands in it', async () => {
      server.know('shop.test', at('10.0.0.9'));
      writeFileSync(hostsFile, '# ours\n10.0.0.1 Shop.test shop # one\nfd00::1\tshop.test\nnot-an-address shop.test\n');
      expect(await plain(someNames().addresses('SHOP.test'))).toEqual(['10.0.0.1', 'fd00::1']);
      expect(server.asked).toEqual([]);
    });

    it('is read again when it has changed', async () => {
      writeFileSync(hostsFile, '10.0.0.1 shop.test\n');
      const names = someNames();
      expect(await plain(names.addresses('shop.test'))).toEqual(['10.0.0.1']);
      writeFileSync(hostsFile, '10.0.0.22 shop.test\n');
      now += 1_000;
      expect(await plain(names.addresses('shop.test'))).toEqual(['10.0.0.22']);
      rmSync(hostsFile);
      now += 1_000;
      expect(await codeOf(names.addresses('shop.test'))).toBe('ENOTFOUND');
    });
  });

  describe('the search list', () => {
    it.each([
      { name: 'shop', ndots: 5, asked: ['shop.here.svc.test', 'shop.svc.test', 'shop'] },
      { name: 'shop.other', ndots: 1, asked: ['shop.other', 'shop.other.here.svc.test', 'shop.other.svc.test'] },
      { name: 'shop', ndots: 0, asked: ['shop', 'shop.here.svc.test', 'shop.svc.test'] },
      { name: 'shop.test.', ndots: 5, asked: ['shop.test'] },
    ])('makes of $name with ndots:$ndots the names that the system would ask for', async ({ name, ndots, asked }) => {
      writeFileSync(resolverFile, `search here.svc.test svc.test.\noptions timeout:9 ndots:${ndots}\n`);
      expect(await codeOf(someNames().addresses(name))).toBe('ENOTFOUND');
      expect([...new Set(server.asked)]).toEqual(asked);
    });

    it('ends with the first name that there is', async () => {
      writeFileSync(resolverFile, 'search here.svc.test svc.test\noptions ndots:5\n');
      server.know('shop.svc.test', at('10.0.0.1'));
      expect(await plain(someNames().addresses('shop'))).toEqual(['10.0.0.1']);
      expect(server.asked).not.toContain('shop');
    });

    it('does not go past a name about which there is no answer: another one may be somebody else', async () => {
      writeFileSync(resolverFile, 'search here.svc.test svc.test\noptions ndots:5\n');
      server.know('shop.here.svc.test', 'failure');
      server.know('shop.svc.test', at('10.6.6.6'));
      expect(await codeOf(someNames().addresses('shop'))).toBe('EAI_AGAIN');
    });

    it('is read again when it has changed', async () => {
      server.know('shop.b.test', at('10.0.0.1'));
      writeFileSync(resolverFile, 'search a.test\n');
      const names = someNames();
      expect(await codeOf(names.addresses('shop'))).toBe('ENOTFOUND');
      writeFileSync(resolverFile, 'domain b.test\n');
      now += 1_000;
      expect(await plain(names.addresses('shop'))).toEqual(['10.0.0.1']);
    });
  });

  describe('what is known', () => {
    it('is asked for once by all who want it at the same time', async () => {
      server.know('shop.test', at('10.0.0.1'));
      const names = someNames();
      await Promise.all(Array.from({ length: 50 }, () => names.addresses('shop.test')));
      expect(server.questionsAbout('shop.test')).toBe(2);
    });

    it.each([
      { ttl: 0, until: 999 },
      { ttl: 3, until: 2_999 },
      { ttl: 86_400, until: 4_999 },
    ])('is kept until $until ms of an answer that is good for $ttl s', async ({ ttl, until }) => {
      server.know('shop.test', [{ type: 'A', address: '10.0.0.1', ttl }]);
      const names = someNames();
      await names.addresses('shop.test');
      now = until;
      await names.addresses('shop.test');
      expect(server.questionsAbout('shop.test')).toBe(2);
      now = until + 1;
      await names.addresses('shop.test');
      expect(server.questionsAbout('shop.test')).toBe(4);
    });

    it('is asked for again by who has reason to doubt it', async () => {
      server.know('shop.test', at('10.0.0.1'));
      const names = someNames();
      await names.addresses('shop.test');
      server.know('shop.test', at('10.0.0.2'));
      now = 1_000;
      expect(await plain(names.addresses('shop.test'))).toEqual(['10.0.0.1']);
      expect(await plain(names.addresses('shop.test', 1_000))).toEqual(['10.0.0.2']);
    });

    it.each(['silent', 'failure'] as const)('goes on for a while when the name server is %s', async (fault) => {
      server.know('shop.test', at('10.0.0.1'));
      const names = someNames();
      await names.addresses('shop.test');
      server.know('shop.test', fault);
      now = 299_999;
      expect(await plain(names.addresses('shop.test'))).toEqual(['10.0.0.1']);
      now = 310_000;
      expect(await codeOf(names.addresses('shop.test'))).toBe('EAI_AGAIN');
    });

    it('is told once when it goes on, and once when it is known again', async () => {
      server.know('shop.test', at('10.0.0.1'));
      const told: string[] = [];
      const names = someNames({ logger: { warn: () => told.push('goes on'), log: () => told.push('known again') } });
      await names.addresses('shop.test');
      server.know('shop.test', 'failure');
      for (now of [5_000, 7_000, 9_000]) await names.addresses('shop.test');
      server.know('shop.test', at('10.0.0.1'));
      now = 11_000;
      await names.addresses('shop.test');
      expect(told).toEqual(['goes on', 'known again']);
    });

    it('is forgotten when the name server says that there is no such name', async () => {
      server.know('shop.test', at('10.0.0.1'));
      const names = someNames();
      await names.addresses('shop.test');
      server.know('shop.test', 'no-such-name');
      now = 5_000;
      expect(await codeOf(names.addresses('shop.test'))).toBe('ENOTFOUND');
    });

    it('is asked for only now and then while there is no answer', async () => {
      server.know('shop.test', 'failure');
      const names = someNames();
      await codeOf(names.addresses('shop.test'));
      const asked = server.asked.length;
      expect(await codeOf(names.addresses('shop.test'))).toBe('EAI_AGAIN');
      expect(server.asked).toHaveLength(asked);
      now = 1_000;
      server.know('shop.test', at('10.0.0.1'));
      expect(await plain(names.addresses('shop.test'))).toEqual(['10.0.0.1']);
    });

    it('is bounded: of more names the one longest unused is forgotten', async () => {
      const all = ['one.test', 'two.test', 'three.test'];
      for (const name of all) server.know(name, at('10.0.0.1'));
      const names = someNames({ capacity: 2 });
      for (const name of all) await names.addresses(name);
      await names.addresses('three.test');
      await names.addresses('one.test');
      expect(all.map((name) => server.questionsAbout(name))).toEqual([4, 2, 2]);
    });

    it('does not grow by questions either', async () => {
      server.know('one.test', 'silent');
      server.know('two.test', 'silent');
      const names = someNames({ capacity: 2 });
      const waiting = [names.addresses('one.test'), names.addresses('two.test')].map(codeOf);
      expect(await codeOf(names.addresses('three.test'))).toBe('EAI_AGAIN');
      expect(server.questionsAbout('three.test')).toBe(0);
      expect(await Promise.all(waiting)).toEqual(['EAI_AGAIN', 'EAI_AGAIN']);
    });
  });

  describe('lookup', () => {
    const look = (names: Names, name: string, options: object): Promise<unknown[]> =>
      new Promise((resolve) => names.lookup(name, options, (...result) => resolve(result)));

    it('answers as the one of Node does', async () => {
      server.know('shop.test', [...at('10.0.0.1'), { type: 'AAAA', address: 'fd00:0:0:0:0:0:0:1' }]);
      const names = someNames();
      const [four, six] = [
        { address: '10.0.0.1', family: 4 },
        { address: 'fd00::1', family: 6 },
      ];
      expect(await look(names, 'shop.test', {})).toEqual([null, '10.0.0.1', 4]);
      expect(await look(names, 'shop.test', { family: 6 })).toEqual([null, 'fd00::1', 6]);
      expect(await look(names, 'shop.test', { family: 'IPv6' })).toEqual([null, 'fd00::1', 6]);
      expect(await look(names, 'shop.test', { all: true })).toEqual([null, [four, six]]);
      expect(await look(names, 'shop.test', { all: true, family: 4 })).toEqual([null, [four]]);
      const [error] = await look(names, 'none.test', { all: true });
      expect(error).toMatchObject({ code: 'ENOTFOUND', hostname: 'none.test', syscall: 'getaddrinfo' });
      server.know('four.test', at('10.0.0.1'));
      expect((await look(names, 'four.test', { family: 6 }))[0]).toMatchObject({ code: 'ENOTFOUND' });
    });

    it('begins with another address each time', async () => {
      server.know('shop.test', at('10.0.0.1', '10.0.0.2'));
      const names = someNames();
      const firsts = [];
      for (let i = 0; i < 4; i++) firsts.push((await look(names, 'shop.test', {}))[1]);
      expect(firsts).toEqual(['10.0.0.1', '10.0.0.2', '10.0.0.1', '10.0.0.2']);
    });

    it('holds up nobody who connects elsewhere, however many wait for a name server that is silent', async () => {
      server.know('silent.test', 'silent');
      server.know('shop.test', at('127.0.0.1'));
      const shop = createServer((_, response) => response.end());
      await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
      const { port } = shop.address() as AddressInfo;
      const { lookup } = someNames({ questionMs: 1_000 });
      const order: string[] = [];
      const dial = (host: string): Promise<void> =>
        new Promise((resolve) => {
          const socket = connect({ host, port, lookup });
          const settle = (): void => {
            order.push(host);
            socket.destroy();
            resolve();
          };
          socket.once('connect', settle).once('error', settle);
        });
      const waiting = Array.from({ length: 64 }, () => dial('silent.test'));
      await Promise.all(Array.from({ length: 64 }, () => dial('shop.test')));
      await Promise.all(waiting);
      shop.close();
      expect(order).toEqual([...Array(64).fill('shop.test'), ...Array(64).fill('silent.test')]);
    });
  });
});
