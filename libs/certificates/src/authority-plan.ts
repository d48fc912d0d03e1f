export interface RankedAuthorities<A> {
  /** Signs from now on. */
  readonly issuing: A;
  /** Trusted by everybody, the issuing one among them. */
  readonly trusted: readonly A[];
  /** Of no use any more: every certificate of theirs has expired. */
  readonly past: readonly A[];
}

/**
 * An authority is replaced without a moment in which somebody meets a certificate that he cannot check: for one
 * lifetime of a certificate the new one is only trusted, then it issues, and one lifetime later the old one goes.
 */
export function planAuthorities<A extends { readonly createdAt: number }>(
  authorities: readonly [A, ...A[]],
  { now, leafLifetimeMs }: { readonly now: number; readonly leafLifetimeMs: number },
): RankedAuthorities<A> {
  const byAge = authorities.toSorted((a, b) => a.createdAt - b.createdAt);
  const olderThan = (ageMs: number): A | undefined => byAge.findLast(({ createdAt }) => now - createdAt >= ageMs);
  const issuing = olderThan(leafLifetimeMs) ?? (byAge[0] as A);
  const established = olderThan(2 * leafLifetimeMs);
  const past = established === undefined ? [] : byAge.slice(0, byAge.indexOf(established));
  return { issuing, trusted: byAge.filter((authority) => !past.includes(authority)), past };
}
