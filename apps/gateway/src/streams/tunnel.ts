import type { Duplex } from 'node:stream';

import type { GatewayContext } from '../request/gateway-context.js';
import type { Flag } from '../request/flag.js';
import { type CloseCode, closeCodes, closeFrame, WebSocketFrames } from './websocket-frames.js';

/** How long a side may take to close when the other one has, or when it was told to. */
const closingMs = 1_000;

/** What goes to one side. */
interface Direction {
  readonly to: Duplex;
  readonly counter: 'bytesIn' | 'bytesOut';
  readonly frames: WebSocketFrames;
  /** Set when it is to be said as soon as no frame is under way. */
  lastWord: Buffer | undefined;
  isOver: boolean;
}

/** A WebSocket through the gateway: bytes to and fro, each side as fast as the other one takes them. */
export class Tunnel {
  readonly ended: Promise<void>;
  private end: () => void = () => undefined;
  private open = 2;
  private readonly timer: NodeJS.Timeout;
  private readonly toClient: Direction;
  private readonly toUpstream: Direction;

  constructor(
    private readonly context: GatewayContext,
    private readonly client: Duplex,
    private readonly upstream: Duplex,
    /** How long nothing may move. */
    quietMs: number,
  ) {
    this.ended = new Promise((resolve) => (this.end = resolve));
    this.toClient = directionTo(client, 'bytesOut');
    this.toUpstream = directionTo(upstream, 'bytesIn');
    this.timer = setTimeout(() => this.close('upstream_idle_timeout', closeCodes.goingAway), quietMs);
  }

  begin(fromClient: Buffer, fromUpstream: Buffer): void {
    if (fromClient.length > 0) this.pass(fromClient, this.toUpstream);
    if (fromUpstream.length > 0) this.pass(fromUpstream, this.toClient);
    this.join(this.client, this.toUpstream);
    this.join(this.upstream, this.toClient);
  }

  /** Tells both sides why, each as soon as no frame is on its way to it, and ends both (RFC 6455 §7.1). */
  close(flag: Flag, code: CloseCode): void {
    this.context.flag ||= flag;
    this.say(this.toClient, closeFrame(code, false));
    this.say(this.toUpstream, closeFrame(code, true));
    setTimeout(() => this.cut(flag), closingMs).unref();
  }

  /** As `close`, but nothing more goes to the client: not even the rest of a frame that has begun. */
  closeAtOnce(flag: Flag, code: CloseCode): void {
    if (this.toClient.frames.isBetweenFrames) this.close(flag, code);
    else this.cut(flag);
  }

  /** Ends both sides. */
  private cut(flag: Flag): void {
    this.context.flag ||= flag;
    this.client.destroy();
    this.upstream.destroy();
  }

  private say(direction: Direction, lastWord: Buffer): void {
    if (direction.isOver || direction.lastWord !== undefined) return;
    direction.lastWord = lastWord;
    if (direction.frames.isBetweenFrames) this.finish(direction);
  }

  private finish(direction: Direction): void {
    direction.isOver = true;
    direction.to.end(direction.lastWord);
  }

  private join(from: Duplex, direction: Direction): void {
    const { to } = direction;
    from.on('data', (chunk: Buffer) => {
      this.timer.refresh();
      if (this.pass(chunk, direction)) return;
      from.pause();
      to.once('drain', () => from.resume());
    });
    from.once('end', () => {
      to.end();
      // A side that hears no more may say its last words, and no more than that.
      setTimeout(() => this.cut(''), closingMs).unref();
    });
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

  /** False: no more for now. */
  private pass(chunk: Buffer, direction: Direction): boolean {
    if (direction.isOver) return true;
    const { to, counter, frames, lastWord } = direction;
    const passing = lastWord === undefined ? chunk : chunk.subarray(0, frames.follow(chunk, 'frame end'));
    if (lastWord === undefined) frames.follow(chunk);
    this.context[counter] += passing.length;
    const isRoomLeft = to.write(passing);
    if (lastWord !== undefined && frames.isBetweenFrames) this.finish(direction);
    return isRoomLeft || direction.isOver;
  }
}

const directionTo = (to: Duplex, counter: Direction['counter']): Direction => ({
  to,
  counter,
  frames: new WebSocketFrames(),
  lastWord: undefined,
  isOver: false,
});
