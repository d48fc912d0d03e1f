import { randomFillSync } from 'node:crypto';

interface IdSource {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly fillRandom: (bytes: Uint8Array) => void;
}

const counterLimit = 0x1000;

/**
 * Makes a source of UUIDv7 (RFC 9562 §5.7, method 1): ids sort by when they were made, and those of one source never
 * run backwards, whatever the clock does. That keeps the newest rows of a table side by side in its index.
 */
export function idSource({ now, fillRandom }: IdSource): () => string {
  const bytes = Buffer.alloc(16);
  let time = 0;
  let counter = 0;

  return () => {
    fillRandom(bytes);
    const millisecond = now();
    if (millisecond > time) {
      time = millisecond;
      // Half of the counter's range is kept free to count up in.
      counter = bytes.readUInt16BE(6) & 0x7ff;
    } else {
      counter += 1;
      if (counter === counterLimit) {
        counter = 0;
        time += 1;
      }
    }
    bytes.writeUIntBE(time, 0, 6);
    bytes.writeUInt16BE(0x7000 | counter, 6);
    bytes.writeUInt8(0x80 | (bytes.readUInt8(8) & 0x3f), 8);
    const hex = bytes.toString('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  };
}

/** A new UUIDv7, unique and later than every one that this process made before. */
export const newId = idSource({ now: Date.now, fillRandom: (bytes) => randomFillSync(bytes) });
