import * as fc from 'fast-check';

import { closeCodes, closeFrame, WebSocketFrames } from './websocket-frames.js';

function frame(size: number, isMasked: boolean): Buffer {
  const mask = isMasked ? 0x80 : 0;
  const length =
    size < 126
      ? Buffer.from([mask | size])
      : size < 65_536
        ? Buffer.from([mask | 126, size >> 8, size & 0xff])
        : Buffer.concat([Buffer.from([mask | 127]), Buffer.from(size.toString(16).padStart(16, '0'), 'hex')]);
  return Buffer.concat([Buffer.from([0x82]), length, Buffer.alloc(isMasked ? 4 : 0, 7), Buffer.alloc(size, 0x88)]);
}

const someFrames = fc.array(
  fc.record({
    size: fc.oneof(fc.nat(200), fc.constantFrom(0, 125, 126, 65_535, 65_536, 70_000)),
    isMasked: fc.boolean(),
  }),
  { minLength: 1, maxLength: 6 },
);

describe('the frames of a WebSocket', () => {
  it('end where they end, however they are cut into pieces', () => {
    fc.assert(
      fc.property(someFrames, fc.array(fc.nat(70_100), { maxLength: 20 }), (sizes, cuts) => {
        const written = sizes.map(({ size, isMasked }) => frame(size, isMasked));
        const bytes = Buffer.concat(written);
        const ends = new Set(written.map((_, index) => Buffer.concat(written.slice(0, index + 1)).length));
        const places = [...new Set([...cuts, ...ends, bytes.length])].filter((at) => at <= bytes.length);
        const frames = new WebSocketFrames();
        let from = 0;
        for (const to of places.toSorted((a, b) => a - b)) {
          frames.follow(bytes.subarray(from, to));
          from = to;
          expect(frames.isBetweenFrames).toBe(to === 0 || ends.has(to));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('can be followed to the end of the one that is under way', () => {
    const frames = new WebSocketFrames();
    const two = Buffer.concat([frame(300, true), frame(10, false)]);
    frames.follow(two.subarray(0, 50));
    expect(frames.follow(two.subarray(50), 'frame end')).toBe(frame(300, true).length - 50);
    expect(frames.isBetweenFrames).toBe(true);
  });

  it('that close say why, in the mask of a client where a service hears it', () => {
    expect(closeFrame(closeCodes.serviceRestart, false)).toEqual(Buffer.from([0x88, 2, 0x03, 0xf4]));
    const masked = closeFrame(closeCodes.policyViolation, true);
    const code = masked.subarray(6).map((byte, index) => byte ^ (masked[2 + index] ?? 0));
    expect([masked[0], masked[1], Buffer.from(code).readUInt16BE()]).toEqual([0x88, 0x82, 1008]);
  });
});
