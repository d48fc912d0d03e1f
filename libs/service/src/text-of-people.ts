import { z } from 'zod';

/**
 * Control characters and lone surrogates break logs, terminals and UTF-8 columns; separators of lines and paragraphs break
 * lines that look like one. Bidirectional controls reorder the text around a name: what stands in a list, a letter or a log
 * would read as something else.
 */
const onOneLine = /^[^\p{Cc}\p{Cs}\u2028\u2029\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]*$/u;
const onSeveralLines = /^(?:[^\p{Cc}\p{Cs}\u2028\u2029\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]|[\t\n\r])*$/u;
const explanation = 'Control characters, and those that change the direction of text, are not allowed';

/** Joiners and selectors belong into words and emoji, but are nothing alone; U+2800 is a Braille cell without dots. */
const shown = /[^\p{Default_Ignorable_Code_Point}\p{White_Space}\u2800]/u;
const isSeen = (text: string): boolean => text === '' || shown.test(text);

/** A text that one person gives and another sees: every name, title and reason. */
export const singleLine = (maxLength: number): z.ZodString =>
  z
    .string()
    .normalize('NFC')
    .trim()
    .min(1)
    .max(maxLength)
    .regex(onOneLine, explanation)
    .refine(isSeen, 'Nothing of it can be seen');

/** The same where it may be long, or empty. */
export const severalLines = (maxLength: number): z.ZodString =>
  z
    .string()
    .max(maxLength)
    .regex(onSeveralLines, explanation)
    .refine((text) => isSeen(text.replaceAll(/[ \t\n\r]/g, '')), 'Nothing of it can be seen');
