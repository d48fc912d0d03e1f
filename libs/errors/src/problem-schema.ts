const text = { type: 'string' };

/** What `toProblem` makes, as JSON Schema, for the descriptions of APIs. */
export const problemSchema = {
  type: 'object' as const,
  required: ['type', 'title', 'status', 'instance', 'code', 'requestId'],
  properties: {
    type: text,
    title: text,
    status: { type: 'integer' },
    detail: text,
    instance: text,
    code: text,
    requestId: text,
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['field', 'code', 'message'],
        properties: { field: text, code: text, message: text },
      },
    },
  },
};

/** The answer that every operation may give besides its own. */
export const problemResponse = {
  description: 'Refused or failed; `code` is listed in docs/errors.md',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
};
