import { z } from 'zod';

import { whyNotSettable } from '../../http/settable-header.js';

const name = z
  .string()
  .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'a header name')
  .superRefine((text, check) => {
    const reason = whyNotSettable(text);
    if (reason !== undefined) check.addIssue({ code: 'custom', message: reason });
  });

const value = z.string().regex(/^[!-~](?:[\t -~]*[!-~])?$/, 'visible ASCII without spaces at its ends');

/** What is done to header fields on their way. Identity and what belongs to one connection cannot be named. */
export const headerChanges = z.strictObject({
  set: z.record(name, value).default({}).describe('In place of what is there under this name.'),
  add: z.record(name, value).default({}).describe('One more line, after what is there under this name.'),
  remove: z.array(name).default([]).describe('Taken away, in any spelling.'),
});

export type HeaderChangesConfig = z.output<typeof headerChanges>;
