import { z } from 'zod';

/**
 * Control characters and lone surrogates break logs, terminals and UTF-8 columns; separators of lines and paragraphs break
 * lines that look like one. Bidirectional controls reorder the text around a name: what stands in a list, a letter or a log
 * would read as something else. Written without the flag `u`: the API description shows the patterns, and those who read it
 * take them without flags (JSON Schema 2020-12 §6.3.3).
 */
const onOneLine =
  // oxlint-disable-next-line no-control-regex -- they are what it refuses
  /^(?:[^\u0000-\u001F\u007F-\u009F\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069\uD800-\uDFFF]|[\uD800-\uDBFF][\uDC00-\uDFFF])*$/;
const onSeveralLines =
  // oxlint-disable-next-line no-control-regex -- they are what it refuses
  /^(?:[^\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069\uD800-\uDFFF]|[\uD800-\uDBFF][\uDC00-\uDFFF])*$/;
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
