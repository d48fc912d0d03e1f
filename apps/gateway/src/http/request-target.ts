import { Refusal } from '@libs/errors';

export interface RequestTarget {
  /** As the client sent it. */
  readonly path: string;
  /** With its question mark, or empty. */
  readonly query: string;
  /** Of a target in absolute form (RFC 9112 §3.2.2). */
  readonly authority: string | undefined;
}

const absoluteForm = /^https?:\/\/([^/?#]*)(.*)$/i;
const visible = /^[!-~]*$/;

/** Takes the request line's target apart. What its parts may contain is decided elsewhere, except for the query. */
export function parseRequestTarget(target: string): RequestTarget {
  const [, authority, rest] = target.startsWith('/') ? [] : (absoluteForm.exec(target) ?? []);
  const local = rest === undefined ? target : rest.startsWith('/') ? rest : `/${rest}`;
  const mark = local.indexOf('?');
  const query = mark === -1 ? '' : local.slice(mark);
  if (!visible.test(query) || query.includes('#')) {
    throw new Refusal('REQUEST_PATH_INVALID', {
      internal: 'the query has a fragment or characters outside visible ASCII',
    });
  }
  return { path: mark === -1 ? local : local.slice(0, mark), query, authority };
}
