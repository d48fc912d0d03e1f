import { constants, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';

import type { Http2Config } from '../configuration/schema/listen.schema.js';

const windowMs = 10_000;

/** The head of a frame (RFC 9113 §4.1). */
const frameHeadBytes = 9;
/** Frames that carry nothing are 13 to 17 bytes long, and hardly any longer than this. */
const controlFrameBytes = 32;
/** What a stream may send beside its fields and its body: an end, a reset, a window or two. */
const spareBytesOfStream = 64;
/** The code of a field in HPACK, beside its texts. */
const bytesOfField = 4;
/** The shortest that a request can be. */
const leastRequestBytes = frameHeadBytes + 1;
/** Who gets much has to make room for it again and again, at worst twice for each short frame. */
const windowsPerByteSent = 3;

/**
 * Closes a connection that makes more work than its requests are worth: streams that are broken off again and again,
 * whoever is made to do it (CVE-2023-44487, CVE-2025-8671), and floods of frames that carry nothing (CVE-2019-9512,
 * -9513, -9515). Node tells neither of streams that it rejects for their fields nor of WINDOW_UPDATE, PRIORITY and
 * unknown frames: what is left of the numbers of the streams, and of the bytes, is them.
 */
export class SessionGuard {
  openStreams = 0;
  private windowEnds = 0;
  private resets = 0;
  private controlFrames = 0;

  private streams = 0;
  private rejected = 0;
  /** Bytes that came as fields and bodies. */
  private carried = 0;
  private bytesSeen = 0;
  /** Bytes beyond those when the window began. */
  private idleBytesBefore = 0;
  private idleBytesSeen = 0;

  constructor(
    private readonly session: ServerHttp2Session,
    private readonly socket: Pick<Socket, 'bytesRead' | 'bytesWritten'>,
    private readonly config: Http2Config,
    /** The most that the head of one request may have. */
    private readonly headBytes: number,
    private readonly now: () => number = () => performance.now(),
  ) {
    session.on('stream', (stream, _headers, _flags, fields: unknown) => {
      this.openStreams++;
      this.streams++;
      this.carried += spareBytesOfStream + sizeOf(fields as readonly string[]);
      if (!(stream as { endAfterHeaders?: boolean }).endAfterHeaders) this.countBody(stream);
      stream.once('close', () => {
        this.openStreams--;
        if (stream.rstCode !== constants.NGHTTP2_NO_ERROR) this.countReset();
      });
    });
    session.on('ping', this.countControlFrame);
    session.on('remoteSettings', this.countControlFrame);
  }

  /** Called now and then: looks for what nobody tells of. */
  check(): void {
    const { bytesRead } = this.socket;
    if (bytesRead === this.bytesSeen || this.session.destroyed) return;
    this.bytesSeen = bytesRead;
    this.look();
    const rejected = this.newlyRejected();
    this.rejected += rejected;
    this.carried += rejected * (this.headBytes + spareBytesOfStream);
    for (let n = 0; n < rejected; n++) this.countReset();
    this.idleBytesSeen = this.idleBytes;
    if (this.idleBytesSeen - this.idleBytesBefore > this.config.controlFrames * controlFrameBytes) this.close();
  }

  /** Who skips numbers sends nothing for them. */
  private newlyRejected(): number {
    const begun = Math.ceil((this.session.state.lastProcStreamID ?? 0) / 2);
    const paidFor = Math.floor((this.idleBytes - this.idleBytesBefore) / leastRequestBytes);
    return Math.max(0, Math.min(begun - this.streams - this.rejected, paidFor));
  }

  private get idleBytes(): number {
    const { bytesRead, bytesWritten } = this.socket;
    return bytesRead - this.carried - windowsPerByteSent * bytesWritten;
  }

  /** Also of a body that nobody reads, or that is a WebSocket: it is counted where it comes in. */
  private countBody(stream: ServerHttp2Stream): void {
    this.carried += stream.readableLength + frameHeadBytes;
    const push = stream.push.bind(stream);
    stream.push = (chunk: Buffer | null, encoding?: BufferEncoding) => {
      if (chunk !== null) this.carried += chunk.length + frameHeadBytes;
      return push(chunk, encoding);
    };
  }

  private countReset(): void {
    this.look();
    if (++this.resets > this.config.resets) this.close();
  }

  private readonly countControlFrame = (): void => {
    this.look();
    if (++this.controlFrames > this.config.controlFrames) this.close();
  };

  private look(): void {
    const now = this.now();
    if (now < this.windowEnds) return;
    this.windowEnds = now + windowMs;
    this.resets = 0;
    this.controlFrames = 0;
    // What has come since the last look belongs to the new window: nobody has judged it yet.
    this.idleBytesBefore = this.idleBytesSeen;
  }

  private close(): void {
    if (!this.session.destroyed) this.session.destroy(undefined, constants.NGHTTP2_ENHANCE_YOUR_CALM);
  }
}

function sizeOf(fields: readonly string[]): number {
  let size = frameHeadBytes + fields.length * bytesOfField;
  for (const text of fields) size += text.length;
  return size;
}
