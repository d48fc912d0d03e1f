import { isReservedHeader } from '@libs/trusted-headers';
import { z } from 'zod';

const conditions = ['is', 'oneOf', 'startsWith', 'contains', 'present'] as const;

const text = z.string().regex(/^[ -~]*$/, 'visible ASCII and spaces');

const predicateOn = (name: z.ZodType<string>) =>
  z
    .strictObject({
      name: name.describe('Whose value is looked at.'),
      is: text.optional().describe('It has exactly this value.'),
      oneOf: z.array(text).min(1).optional().describe('It has one of these values.'),
      startsWith: text.min(1).optional().describe('Its value begins with this.'),
      contains: text.min(1).optional().describe('Its value has this in it.'),
      present: z.boolean().optional().describe('It is there, with any value; false: it is not there.'),
    })
    .refine((predicate) => conditions.filter((name) => predicate[name] !== undefined).length <= 1, {
      message: 'has two conditions; write two routes, or none of them for any value',
    });

/** What came before the gateway may be asked for: how a proxy was called tells http from https. */
const claimsIdentity = (name: string): boolean => isReservedHeader(name) && !/^(?:x-forwarded-|forwarded$)/i.test(name);

/** Regular expressions are left out: a careless one lets any client stop the gateway. */
export const headerPredicate = predicateOn(
  z
    .string()
    .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'a header name')
    .refine((name) => !claimsIdentity(name), 'is what a client says about itself; ask for roles or scopes in access'),
);

export const queryPredicate = predicateOn(z.string().min(1));

export type PredicateConfig = z.output<typeof headerPredicate>;
