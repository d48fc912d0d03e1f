import { z } from 'zod';

declare module 'zod' {
  interface GlobalMeta {
    /** What a parsed number counts. */
    unit?: 'ms' | 'bytes';
    /** The text names a file, relative to the configuration. */
    file?: boolean;
  }
}

const millisecondsPer = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const bytesPer = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 } as const;

const durationHint = 'a number and a unit, for instance 250ms, 10s, 5m, 1h or 1d';
const byteSizeHint = 'a number and a unit, for instance 512B, 16KiB, 10MiB or 1GiB';

/** What timers can count to. More would be over at once (Node's `setTimeout`). */
const longestTimerMs = 2 ** 31 - 1;
const notNothing = 'must be more than nothing';

const anyDuration = z
  .string(durationHint)
  .regex(/^\d+(ms|s|m|h|d)$/, durationHint)
  .transform((text) => {
    const [, amount, unit] = /^(\d+)(\w+)$/.exec(text) ?? [];
    return Number(amount) * millisecondsPer[unit as keyof typeof millisecondsPer];
  })
  .meta({ unit: 'ms' });

/** A length of time that may be nothing. Its description says what that means: `0s: never`. */
export const durationOrNone = anyDuration.refine((ms) => ms <= longestTimerMs, 'must be 24d or less');

/** A length of time as people write it, `250ms`, `10s`, `5m`, `1h` or `1d`; milliseconds once parsed. */
export const duration = durationOrNone.refine((ms) => ms > 0, notNothing);

/** The same, for what is not waited for by a timer. */
export const period = anyDuration
  .refine((ms) => ms > 0, notNothing)
  .refine((ms) => ms <= 366 * millisecondsPer.d, 'must be 366d or less');

/** A size that may be nothing. Its description says what that means: `0B: none`. */
export const byteSizeOrNone = z
  .string(byteSizeHint)
  .regex(/^\d+(B|KiB|MiB|GiB)$/, byteSizeHint)
  .transform((text) => {
    const [, amount, unit] = /^(\d+)(\w+)$/.exec(text) ?? [];
    return Number(amount) * bytesPer[unit as keyof typeof bytesPer];
  })
  .meta({ unit: 'bytes' })
  .refine(Number.isSafeInteger, 'is more than can be counted');

/** A size as people write it, `512B`, `16KiB`, `10MiB` or `1GiB`; bytes once parsed. */
export const byteSize = byteSizeOrNone.refine((bytes) => bytes > 0, notNothing);

/** A file that must be there, named relative to the configuration; an absolute path once read. */
export const fileName = z.string().min(1).meta({ file: true });

/** A file that a variable may name or not: `${NAME:-}` is none where the variable is not set. */
export const optionalFileName = z
  .string()
  .meta({ file: true })
  .transform((name) => (name === '' ? undefined : name))
  .optional();

export const wholeNumber = (min: number, max: number) => z.int().min(min).max(max);

/** A list that may also be written as one comma-separated text, so that a variable can hold it. */
export const listOf = <Item extends z.ZodType>(item: Item) =>
  z.preprocess(
    (value) =>
      typeof value === 'string' || value === null
        ? (value ?? '')
            .split(',')
            .map((part) => part.trim())
            .filter((part) => part !== '')
        : value,
    z.array(item),
  );
