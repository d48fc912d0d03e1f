import { z } from 'zod';

import { validRequest } from '@libs/service';

import { whyNotJson } from './json-value.js';

type JsonSchema = Parameters<typeof z.fromJSONSchema>[0];

/** A JSON Schema as an operator writes it. One that cannot be checked against is refused, not ignored. */
export const ValueSchema = z.record(z.string(), z.unknown()).superRefine((schema, context) => {
  const message = whyNotJson(schema) ?? whyNotSchema(schema);
  if (message !== undefined) context.addIssue({ code: 'custom', message });
});

function whyNotSchema(schema: Record<string, unknown>): string | undefined {
  try {
    z.fromJSONSchema(schema as JsonSchema);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : 'This is no JSON Schema';
  }
}

/** Names every field of the value that the schema does not allow. */
export function refuseUnlessFits(schema: Record<string, unknown>, value: unknown): void {
  validRequest(z.object({ value: z.fromJSONSchema(schema as JsonSchema) }), { value });
}
