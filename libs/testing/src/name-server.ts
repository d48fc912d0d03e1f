import { createSocket } from 'node:dgram';
import { once } from 'node:events';

interface AddressRecord {
  readonly type: 'A' | 'AAAA';
  readonly address: string;
  readonly ttl?: number;
}

interface ServiceRecord {
  readonly type: 'SRV';
  readonly priority: number;
  readonly weight: number;
  readonly port: number;
  readonly target: string;
}

export type NameRecord = AddressRecord | ServiceRecord;

/** What there is under a name, or what goes wrong when it is asked for. */
export type Knowledge = readonly NameRecord[] | 'no-such-name' | 'failure' | 'silent';

/** A name server on a UDP port of loopback that knows what the test tells it, in the words of RFC 1035. */
export class NameServer {
  /** What it was asked: each name once for each type. */
  readonly asked: string[] = [];
  private readonly unanswered: (() => Promise<void>)[] = [];
  private readonly socket = createSocket('udp4');
  private readonly names = new Map<string, { knowledge: Knowledge; silentAbout: NameRecord['type'] | undefined }>();

  static async start(): Promise<NameServer> {
    const server = new NameServer();
    server.socket.on('message', (message, { port, address }) => {
      const reply = (answer: Buffer): Promise<void> =>
        new Promise((resolve) => server.socket.send(answer, port, address, () => resolve()));
      const answer = server.answer(message);
      if (answer === undefined) server.unanswered.push(() => reply(answerTo(message, [], codes.failure)));
      else void reply(answer);
    });
    server.socket.bind(0, '127.0.0.1');
    await once(server.socket, 'listening');
    return server;
  }

  get address(): string {
    return `127.0.0.1:${this.socket.address().port}`;
  }

  /** `silentAbout`: a type of which it says nothing, whatever it knows. */
  know(name: string, knowledge: Knowledge, silentAbout?: NameRecord['type']): void {
    this.names.set(name, { knowledge, silentAbout });
  }

  /** How often it was asked about a name. */
  questionsAbout(name: string): number {
    return this.asked.filter((asked) => asked === name).length;
  }

  /** Whoever waits still is told that it failed: a question that is open keeps a process from ending. */
  async close(): Promise<void> {
    await Promise.all(this.unanswered.map((fail) => fail()));
    await new Promise<void>((resolve) => this.socket.close(() => resolve()));
  }

  private answer(message: Buffer): Buffer | undefined {
    const { name, type } = readQuestion(message);
    this.asked.push(name);
    const { knowledge: known, silentAbout } = this.names.get(name) ?? { knowledge: 'no-such-name' };
    if (known === 'silent' || (silentAbout !== undefined && types[silentAbout] === type)) return undefined;
    if (typeof known === 'string') return answerTo(message, [], codes[known]);
    return answerTo(
      message,
      known.filter((record) => types[record.type] === type),
      codes.ok,
    );
  }
}

const codes = { ok: 0, failure: 2, 'no-such-name': 3 } as const;

function answerTo(question: Buffer, records: readonly NameRecord[], code: number): Buffer {
  const header = Buffer.alloc(12);
  question.copy(header, 0, 0, 2);
  header.writeUInt16BE(0x8180 | code, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(records.length, 6);
  return Buffer.concat([header, question.subarray(12, readQuestion(question).end), ...records.map(encode)]);
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
