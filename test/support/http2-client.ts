import { type ClientHttp2Session, connect, constants } from 'node:http2';

/** What says that the server has not looked at a request. */
const unseen = new Set(['ECONNREFUSED', 'ERR_HTTP2_GOAWAY_SESSION', 'REFUSED_STREAM']);

/** A client of HTTP/2 without TLS, on one connection as long as the server lets it. */
export class Http2Client {
  private session: ClientHttp2Session | undefined;

  constructor(private readonly url: string) {}

  /** Status and body; undefined if the server refused it unseen, so that it may be asked elsewhere. */
  async ask(path: string): Promise<string | undefined> {
    try {
      return await this.send(path);
    } catch (error) {
      const { code = '', cause } = error as NodeJS.ErrnoException;
      const { code: reason = '' } = (cause ?? {}) as NodeJS.ErrnoException;
      if (unseen.has(code) || unseen.has(reason)) return undefined;
      throw error;
    }
  }

  close(): void {
    this.session?.destroy();
  }

  private send(path: string): Promise<string> {
    const stream = this.connected()
      .request({ [constants.HTTP2_HEADER_PATH]: path })
      .setEncoding('utf8');
    return new Promise((resolve, reject) => {
      let text = '';
      stream.once('response', ({ ':status': status }) => (text = `${status} `));
      stream.on('data', (chunk: string) => (text += chunk));
      stream.once('end', () => resolve(text));
      stream.once('error', (error: Error) => {
        const isRefused = stream.rstCode === constants.NGHTTP2_REFUSED_STREAM;
        reject(isRefused ? Object.assign(error, { code: 'REFUSED_STREAM' }) : error);
      });
      stream.once('close', () => reject(new Error('closed without an answer')));
    });
  }

  private connected(): ClientHttp2Session {
    if (this.session === undefined || this.session.closed || this.session.destroyed) {
      this.session = connect(this.url);
      this.session.on('error', () => undefined);
    }
    return this.session;
  }
}
