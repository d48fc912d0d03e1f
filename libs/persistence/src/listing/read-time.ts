const rfc3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;

/** An RFC 3339 time in the years that MySQL has, or undefined. */
export function readTime(text: string): Date | undefined {
  if (!rfc3339.test(text)) return undefined;
  const time = new Date(text);
  const year = time.getUTCFullYear();
  return year >= 1000 && year <= 9999 ? time : undefined;
}
