export interface HeaderReply {
  header(name: string, value: string): unknown;
}

/** The entity tag of a version, strong and quoted as RFC 9110 §8.8.3 wants it. */
export const etag = (version: number): string => `"${version}"`;

export const setEtag = (reply: HeaderReply, version: number): void => void reply.header('etag', etag(version));
