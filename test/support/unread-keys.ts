/**
 * A copy of a value that notes which of its keys are looked at. What a schema never looks at is no key of it: the
 * schemas of Kubernetes are open, and a misspelt key would pass without a word, and without an effect.
 */
export function watched<T extends object>(value: T): { value: T; unread: () => string[] } {
  const unread = new Set<string>();
  const wrap = (part: unknown, path: string): unknown => {
    if (typeof part !== 'object' || part === null) return part;
    const entries = Object.entries(part).map(([key, below]) => [key, wrap(below, `${path}/${key}`)] as const);
    const copy: Record<string, unknown> = Array.isArray(part) ? ([] as never) : {};
    for (const [key, below] of entries) {
      const at = `${path}/${key}`;
      unread.add(at);
      Object.defineProperty(copy, key, {
        enumerable: true,
        get: () => {
          unread.delete(at);
          return below;
        },
      });
    }
    return copy;
  };
  return { value: wrap(value, '') as T, unread: () => [...unread] };
}
