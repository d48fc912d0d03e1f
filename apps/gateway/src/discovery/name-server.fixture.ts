import { createSocket } from 'node:dgram';
import { once } from 'node:events';

export interface AddressRecord {
  readonly type: 'A' | 'AAAA';
  readonly address: string;
  readonly ttl?: number;
}

export interface ServiceRecord {
  readonly type: 'SRV';
  readonly priority: number;
  readonly weight: number;
  readonly port: number;
  readonly target: string;
}

export type NameRecord = AddressRecord | ServiceRecord;

/** A name server on a UDP port of loopback that knows what the test tells it, in the words of RFC 1035. */
export class NameServer {
  /** How often it was asked. */
  questions = 0;
  private readonly socket = createSocket('udp4');
  private readonly names = new Map<string, readonly NameRecord[] | 'no-such-name' | 'failure'>();

  static async start(): Promise<NameServer> {
    const server = new NameServer();
    server.socket.on('message', (message, { port, address }) => {
      server.questions++;
      server.socket.send(server.answer(message), port, address);
    });
    server.socket.bind(0, '127.0.0.1');
    await once(server.socket, 'listening');
    return server;
  }

  get address(): string {
    return `127.0.0.1:${this.socket.address().port}`;
  }

  know(name: string, records: readonly NameRecord[] | 'no-such-name' | 'failure'): void {
    this.names.set(name, records);
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.socket.close(() => resolve()));
  }

  private answer(message: Buffer): Buffer {
    const { name, type, end } = readQuestion(message);
    const known = this.names.get(name) ?? 'no-such-name';
    const records = typeof known === 'string' ? [] : known.filter((record) => types[record.type] === type);
    const code = known === 'failure' ? 2 : known === 'no-such-name' ? 3 : 0;
    const header = Buffer.alloc(12);
    message.copy(header, 0, 0, 2);
    header.writeUInt16BE(0x8180 | code, 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(records.length, 6);
    return Buffer.concat([header, message.subarray(12, end), ...records.map(encode)]);
  }
}

const types = { A: 1, AAAA: 28, SRV: 33 } as const;

function readQuestion(message: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = message[at] ?? 0; length > 0; length = message[at] ?? 0) {
    labels.push(message.toString('ascii', at + 1, at + 1 + length));
    at += length + 1;
  }
  return { name: labels.join('.').toLowerCase(), type: message.readUInt16BE(at + 1), end: at + 5 };
}

function encode(record: NameRecord): Buffer {
  const data = record.type === 'SRV' ? serviceData(record) : addressData(record);
  const head = Buffer.alloc(12);
  head.writeUInt16BE(0xc00c, 0); // the name of the question
  head.writeUInt16BE(types[record.type], 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt32BE(record.type === 'SRV' ? 60 : (record.ttl ?? 60), 6);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}

const addressData = ({ type, address }: AddressRecord): Buffer =>
  type === 'A'
    ? Buffer.from(address.split('.').map(Number))
    : Buffer.from(
        address
          .split(':')
          .map((part) => part.padStart(4, '0'))
          .join(''),
        'hex',
      );

function serviceData({ priority, weight, port, target }: ServiceRecord): Buffer {
  const numbers = Buffer.alloc(6);
  [priority, weight, port].forEach((number, index) => numbers.writeUInt16BE(number, index * 2));
  const labels = target.split('.').map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)]));
  return Buffer.concat([numbers, ...labels, Buffer.from([0])]);
}
