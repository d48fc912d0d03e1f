import type { Duplex } from 'node:stream';

import type { GatewayContext } from '../gateway-context.js';
import type { Flag } from '../observe/flag.js';

/** How long a side may take to close when the other one has. */
const closingMs = 1_000;

/** A WebSocket through the gateway: bytes to and fro, each side as fast as the other one takes them. */
export class Tunnel {
  readonly ended: Promise<void>;
  private end: () => void = () => undefined;
  private open = 2;
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly context: GatewayContext,
    private readonly client: Duplex,
    private readonly upstream: Duplex,
    /** How long nothing may move. */
    quietMs: number,
  ) {
    this.ended = new Promise((resolve) => (this.end = resolve));
    this.timer = setTimeout(() => this.cut('upstream_idle_timeout'), quietMs);
  }

  begin(fromClient: Buffer, fromUpstream: Buffer): void {
    const { client, upstream } = this;
    if (fromClient.length > 0) this.pass(fromClient, upstream, 'bytesIn');
    if (fromUpstream.length > 0) this.pass(fromUpstream, client, 'bytesOut');
    this.join(client, upstream, 'bytesIn');
    this.join(upstream, client, 'bytesOut');
  }

  /** Ends both sides. */
  cut(flag: Flag): void {
    this.context.flag ||= flag;
    this.client.destroy();
    this.upstream.destroy();
  }

  private join(from: Duplex, to: Duplex, counter: 'bytesIn' | 'bytesOut'): void {
    from.on('data', (chunk: Buffer) => {
      this.timer.refresh();
      if (this.pass(chunk, to, counter)) return;
      from.pause();
      to.once('drain', () => from.resume());
    });
    from.once('end', () => to.end());
    from.on('error', () => to.destroy());
    from.once('close', () => {
      if (!from.readableEnded) to.destroy();
      // What it said last is still on its way.
      else setTimeout(() => to.destroy(), closingMs).unref();
      if (--this.open > 0) return;
      clearTimeout(this.timer);
      this.end();
    });
    from.resume();
  }

  private pass(chunk: Buffer, to: Duplex, counter: 'bytesIn' | 'bytesOut'): boolean {
    this.context[counter] += chunk.length;
    return to.write(chunk);
  }
}
