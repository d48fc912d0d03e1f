import { z } from 'zod';

/** Text for people on one line. Control characters and lone surrogates break logs, terminals and UTF-8 columns. */
export const singleLine = (maxLength: number): z.ZodString =>
  z
    .string()
    .trim()
    .min(1)
    .max(maxLength)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'Control characters are not allowed');
