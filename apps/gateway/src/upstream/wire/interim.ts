import type { ServerResponse } from 'node:http';

import type { HeaderRules } from '../../http/header-rules.js';

/** RFC 8297. Clients of HTTP/1.0 know no interim answers. */
export function sendEarlyHints(response: ServerResponse, headers: readonly string[], rules: HeaderRules): void {
  if (response.req.httpVersion === '1.0') return;
  const hints: Record<string, string | string[]> = {};
  const links: string[] = [];
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index] ?? '';
    const value = headers[index + 1] ?? '';
    if (name === 'link') links.push(value);
    else if (rules.passes(name) && name !== 'content-length') hints[name] = value;
  }
  try {
    if (links.length > 0) response.writeEarlyHints({ ...hints, link: links });
  } catch {
    // Node takes no links that are not well formed; a hint is not worth an answer.
  }
}
