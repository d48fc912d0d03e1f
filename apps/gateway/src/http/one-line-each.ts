/** What Node says of a second line of a field that it takes for no list, `If-Match` and `Content-Encoding` among them. */
export const isSecondLine = (error: unknown): boolean =>
  (error as NodeJS.ErrnoException).code === 'ERR_HTTP2_HEADER_SINGLE_VALUE';

/** The same fields with the lines of each put together, which means the same (RFC 9110 §5.3), but for Set-Cookie. */
export function inOneLineEach(fields: readonly string[]): string[] {
  const cookies: string[] = [];
  const lines = new Map<string, string>();
  for (let index = 0; index < fields.length; index += 2) {
    const name = (fields[index] ?? '').toLowerCase();
    const value = fields[index + 1] ?? '';
    const before = lines.get(name);
    if (name === 'set-cookie') cookies.push(name, value);
    else lines.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  return [...[...lines].flat(), ...cookies];
}
