import { z } from 'zod';

declare module 'zod' {
  interface GlobalMeta {
    /** The value may also come from the file that `<NAME>_FILE` names. */
    secret?: boolean;
    /** The variable, where its name does not follow from the key. */
    variable?: string;
  }
}

const unitsMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

const durationPattern = /^(\d+)(ms|s|m|h|d)?$/;

function toMilliseconds(text: string): number {
  const [, amount = '', unit = 'ms'] = durationPattern.exec(text) ?? [];
  return Number(amount) * unitsMs[unit as keyof typeof unitsMs];
}

function toKey(text: string): Buffer {
  return /^[0-9a-f]{64}$/i.test(text) ? Buffer.from(text, 'hex') : Buffer.from(text, 'base64url');
}

const wholeNumber = z
  .string()
  .regex(/^\d{1,15}$/, 'must be a whole number')
  .transform(Number);

const hostPort = /^(?:[a-z0-9._-]+|\[[0-9a-f:]+\]):\d{1,5}$/i;

/**
 * Builders for settings. Environment variables are text: each builder takes a string and says
 * what it must look like. Complete them with `.default(…)` or `.optional()`, and `.describe(…)` them.
 */
export const setting = {
  text: () => z.string().min(1),
  choice: <const T extends readonly [string, ...string[]]>(values: T) => z.enum(values),
  /** 0 means any free port. */
  port: () => wholeNumber.pipe(z.int().max(65_535, 'must be a port, 0 to 65535')),
  integer: (min: number, max: number) => wholeNumber.pipe(z.int().min(min).max(max)),
  /** A share, 0 to 1. */
  share: () =>
    z
      .string()
      .regex(/^(?:0|1|0?\.\d{1,9}|[01]\.0+)$/, 'must be a number from 0 to 1')
      .transform(Number),
  url: (...protocols: readonly string[]) =>
    z.url({
      error: `must be a URL${protocols.length === 0 ? '' : ` with ${protocols.map((p) => `${p}://`).join(' or ')}`}`,
      ...(protocols.length === 0 ? {} : { protocol: new RegExp(`^(?:${protocols.join('|')})$`) }),
    }),
  hostPort: () => z.string().regex(hostPort, 'must be host:port'),
  bool: () => z.enum(['true', 'false'], 'must be true or false').transform((text) => text === 'true'),
  /** `250ms`, `10s`, `5m`, `1h`, `2d`, or plain milliseconds. */
  durationMs: () =>
    z.string().regex(durationPattern, 'must be a duration such as 250ms, 10s or 5m').transform(toMilliseconds),
  /** 32 random bytes, written in base64url or hex. */
  secretKey: () =>
    secret(
      z
        .string()
        .regex(/^(?:[0-9a-f]{64}|[\w-]{43}=?)$/i, 'must be 32 bytes in base64url or hex')
        .transform(toKey),
    ),
};

/** Marks a setting whose value may be read from the file that `<NAME>_FILE` names, as Docker and Kubernetes mount secrets. */
export const secret = <T extends z.ZodType>(schema: T): T => schema.meta({ ...schema.meta(), secret: true });
