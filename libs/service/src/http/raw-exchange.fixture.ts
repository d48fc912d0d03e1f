import { once } from 'node:events';
import { connect } from 'node:net';

export interface RawAnswer {
  readonly status: number;
  readonly body: string;
}

/**
 * Sends bytes as they are, for what no well-behaved client would send, and reads until the server closes.
 * `later` is sent when the server has said something, such as `100 Continue`; the answer is what comes after that.
 */
export async function rawExchange(url: string, head: string, later?: string): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const chunks: Buffer[] = [];
  const ended = new Promise<void>((resolve, reject) => socket.on('close', () => resolve()).on('error', reject));
  socket.write(head);
  if (later !== undefined) {
    await once(socket, 'data');
    socket.write(later);
  }
  socket.on('data', (chunk) => chunks.push(chunk));
  await ended;

  const [top = '', ...body] = Buffer.concat(chunks).toString().split('\r\n\r\n');
  return { status: Number(top.split(' ')[1]), body: body.join('\r\n\r\n') };
}
