import { Refusal } from '@libs/errors';

const visible = /^[\x21-\x7e]{1,255}$/;

/** Reads the header field `Idempotency-Key`; undefined if it was not sent. Two fields arrive as one with a comma and a space. */
export function readIdempotencyKey(field: string | string[] | undefined): string | undefined {
  if (field === undefined) return undefined;
  if (typeof field === 'string' && visible.test(field)) return field;
  throw new Refusal('REQUEST_HEADER_INVALID', {
    errors: [{ field: 'Idempotency-Key', code: 'INVALID', message: 'Send 1 to 255 visible ASCII characters, once.' }],
  });
}
