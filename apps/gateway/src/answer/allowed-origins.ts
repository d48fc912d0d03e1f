/** Which origins may call, by exact name or by `https://*.example.com`. */
export class AllowedOrigins {
  readonly isEverybody: boolean;
  private readonly exact: ReadonlySet<string>;
  private readonly below: readonly { readonly scheme: string; readonly domain: string }[];

  constructor(origins: readonly string[]) {
    this.isEverybody = origins.includes('*');
    this.exact = new Set(origins.filter((origin) => !origin.includes('*')));
    this.below = origins
      .filter((origin) => origin.includes('://*.'))
      .map((origin) => {
        const star = origin.indexOf('*');
        return { scheme: origin.slice(0, star), domain: origin.slice(star + 1) };
      });
  }

  has(origin: string): boolean {
    if (this.isEverybody || this.exact.has(origin)) return true;
    return this.below.some(
      ({ scheme, domain }) =>
        origin.startsWith(scheme) &&
        origin.endsWith(domain) &&
        /^[a-z0-9-]+(?:\.[a-z0-9-]+)*$/.test(origin.slice(scheme.length, -domain.length)),
    );
  }
}
