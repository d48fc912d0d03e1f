import { randomBytes } from 'node:crypto';

/** Why a WebSocket ends (RFC 6455 §7.4.1, and the registry of IANA that it made). */
export const closeCodes = { goingAway: 1001, policyViolation: 1008, serviceRestart: 1012 } as const;
export type CloseCode = (typeof closeCodes)[keyof typeof closeCodes];

/** The longest head of a frame: two bytes, eight of the length, four of the mask. */
const mostOfHead = 14;

/** Follows the frames of one direction (RFC 6455 §5.2) without looking into them: it knows where one ends. */
export class WebSocketFrames {
  private readonly head = Buffer.alloc(mostOfHead);
  private headLength = 0;
  /** Of the frame that is under way. */
  private payloadLeft = 0;

  get isBetweenFrames(): boolean {
    return this.headLength === 0 && this.payloadLeft === 0;
  }

  /** Takes what passes, all of it or up to the end of the frame that is under way. Returns how many bytes that were. */
  follow(bytes: Buffer, until: 'all' | 'frame end' = 'all'): number {
    let at = 0;
    while (at < bytes.length) {
      if (this.payloadLeft > 0) {
        const passing = Math.min(this.payloadLeft, bytes.length - at);
        this.payloadLeft -= passing;
        at += passing;
      } else {
        this.head[this.headLength++] = bytes[at++] ?? 0;
        this.readHead();
      }
      if (until === 'frame end' && this.isBetweenFrames) return at;
    }
    return at;
  }

  private readHead(): void {
    if (this.headLength < 2) return;
    const second = this.head.readUInt8(1);
    const short = second & 0x7f;
    const extended = short === 126 ? 2 : short === 127 ? 8 : 0;
    const mask = (second & 0x80) === 0 ? 0 : 4;
    if (this.headLength < 2 + extended + mask) return;
    this.payloadLeft =
      extended === 0 ? short : extended === 2 ? this.head.readUInt16BE(2) : Number(this.head.readBigUInt64BE(2));
    this.headLength = 0;
  }
}

/** What ends a WebSocket in good order. What a client says is masked, and a service hears us as a client. */
export function closeFrame(code: CloseCode, isMasked: boolean): Buffer {
  const payload = Buffer.from([code >> 8, code & 0xff]);
  if (!isMasked) return Buffer.concat([Buffer.from([0x88, 2]), payload]);
  const mask = randomBytes(4);
  return Buffer.concat([Buffer.from([0x88, 0x82]), mask, payload.map((byte, index) => byte ^ (mask[index] ?? 0))]);
}
