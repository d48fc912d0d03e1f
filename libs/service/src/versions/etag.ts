import { createHash } from 'node:crypto';

export interface HeaderReply {
  header(name: string, value: string): unknown;
}

/** The entity tag of a version, strong and quoted as RFC 9110 §8.8.3 wants it. */
export const etag = (version: number): string => `"${version}"`;

/**
 * Says which version is answered. `beyond` is what the answer shows besides, and the version does not count, for instance
 * the name of a user in a membership: a client that has the version may not have that.
 */
export function setEtag(reply: HeaderReply, version: number, beyond?: unknown): void {
  reply.header('etag', beyond === undefined ? etag(version) : `"${version}.${digest(beyond)}"`);
}

const digest = (beyond: unknown): string =>
  createHash('sha256').update(JSON.stringify(beyond)).digest('base64url').slice(0, 8);
