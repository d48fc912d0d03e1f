import { z } from 'zod';

import { isCommonPassword } from './common-passwords.js';
import { isPredictablePassword } from './predictable-passwords.js';

const minCharacters = 8;
const maxCharacters = 128;
/** Beyond this nobody counts any more: a character takes at most two code units. */
const maxCodeUnits = 2 * maxCharacters;

/** A new password. Characters of any kind and no rules of composition (NIST SP 800-63B §3.1.1.2), counted as people see them. */
export const Password = z
  .string()
  .check(({ value, issues }) => {
    const characters = value.length > maxCodeUnits ? value.length : [...value].length;
    const origin = 'string';
    if (characters < minCharacters) {
      issues.push({ code: 'too_small', origin, minimum: minCharacters, inclusive: true, input: value });
    } else if (characters > maxCharacters) {
      issues.push({ code: 'too_big', origin, maximum: maxCharacters, inclusive: true, input: value });
    } else if (isCommonPassword(value)) {
      issues.push({ code: 'invalid_value', values: [], input: value, message: 'is among the first that are guessed' });
    } else if (isPredictablePassword(value)) {
      issues.push({ code: 'invalid_value', values: [], input: value, message: 'repeats itself or follows a pattern' });
    }
  })
  .meta({ format: 'password', minLength: minCharacters, maxLength: maxCharacters });
