export interface CleanRequest {
  readonly method: string;
  readonly target: string;
  /** Names in lower case, in the order of arrival. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
  readonly trailers: readonly (readonly [name: string, value: string])[];
}

/** What a reader that forgives nothing finds in the bytes of a connection, which are Latin-1 here. */
export interface Reading {
  readonly requests: readonly CleanRequest[];
  /** The first line of a request that has not ended. */
  readonly unfinished?: string;
  /** Why the bytes are not HTTP that every reader would read alike. */
  readonly dirt?: string;
}

const requestLine = /^([A-Z]+) ([!-~]+) HTTP\/1\.1$/;
const field = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+): ?((?:[!-~\x80-\xff](?:[\t -~\x80-\xff]*[!-~\x80-\xff])?)?)$/;
/** What would say behind a request how it was to be read before. */
const neverInTrailers = new Set(['host', 'content-length', 'transfer-encoding', 'trailer', 'te', 'connection']);
const chunkSize = /^[0-9a-fA-F]{1,8}$/;

class Dirt extends Error {}
class Unfinished extends Error {}

/** Requests as RFC 9112 has them, without any of its leniencies. */
export function readStrictly(bytes: string): Reading {
  const requests: CleanRequest[] = [];
  const reader = new Reader(bytes);
  try {
    while (!reader.isAtEnd) requests.push(reader.request());
    return { requests };
  } catch (error) {
    if (error instanceof Unfinished) return { requests, unfinished: reader.unfinishedLine };
    if (error instanceof Dirt) return { requests, dirt: error.message };
    throw error;
  }
}

class Reader {
  private at = 0;
  private begin = 0;

  constructor(private readonly bytes: string) {}

  get isAtEnd(): boolean {
    return this.at === this.bytes.length;
  }

  get unfinishedLine(): string {
    return this.bytes.slice(this.begin).split('\r\n', 1)[0] ?? '';
  }

  request(): CleanRequest {
    this.begin = this.at;
    const line = this.line();
    const [, method = '', target = ''] = requestLine.exec(line) ?? dirt(`request line ${JSON.stringify(line)}`);
    if (!target.startsWith('/') && target !== '*') dirt(`target ${target}`);
    const headers = this.fields();
    const values = (name: string): string[] => headers.filter(([other]) => other === name).map(([, value]) => value);
    const [hosts, lengths, codings] = [values('host'), values('content-length'), values('transfer-encoding')];
    if (hosts.length !== 1 || hosts[0] === '') dirt(`${hosts.length} Hosts`);
    if (lengths.length + codings.length > 1) dirt(`${lengths.length} lengths and ${codings.length} codings`);
    return { method, target, headers, ...this.body(lengths[0], codings[0]) };
  }

  private body(length: string | undefined, coding: string | undefined): Pick<CleanRequest, 'body' | 'trailers'> {
    if (coding !== undefined) return coding === 'chunked' ? this.chunks() : dirt(`coding ${coding}`);
    if (length === undefined) return { body: '', trailers: [] };
    const body = this.take(/^\d{1,15}$/.test(length) ? Number(length) : dirt(`length ${length}`));
    return { body, trailers: [] };
  }

  private chunks(): Pick<CleanRequest, 'body' | 'trailers'> {
    let body = '';
    for (;;) {
      const line = this.line();
      const size = chunkSize.test(line) ? Number.parseInt(line, 16) : dirt(`chunk size ${JSON.stringify(line)}`);
      if (size === 0) break;
      body += this.take(size);
      if (this.take(2) !== '\r\n') dirt('a chunk that does not end where it should');
    }
    const trailers = this.fields();
    for (const [name] of trailers) if (neverInTrailers.has(name)) dirt(`${name} in the trailers`);
    return { body, trailers };
  }

  private fields(): [string, string][] {
    const fields: [string, string][] = [];
    for (let line = this.line(); line !== ''; line = this.line()) {
      const [, name = '', value = ''] = field.exec(line) ?? dirt(`field ${JSON.stringify(line)}`);
      fields.push([name.toLowerCase(), value]);
    }
    return fields;
  }

  private line(): string {
    const end = this.bytes.indexOf('\r\n', this.at);
    const line = this.bytes.slice(this.at, end === -1 ? undefined : end);
    if (/[\r\n]/.test(line.replace(/\r$/, ''))) dirt(`a bare CR or LF in ${JSON.stringify(line)}`);
    if (end === -1) throw new Unfinished();
    this.at = end + 2;
    return line;
  }

  private take(count: number): string {
    if (this.at + count > this.bytes.length) throw new Unfinished();
    this.at += count;
    return this.bytes.slice(this.at - count, this.at);
  }
}

function dirt(what: string): never {
  throw new Dirt(what);
}
