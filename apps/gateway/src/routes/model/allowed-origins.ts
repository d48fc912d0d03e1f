const label = '[a-z0-9-]+(?:\\.[a-z0-9-]+)*';

/**
 * Which origins may call, by exact name, by `https://*.example.com`, by `http://localhost:*`, or by
 * `moz-extension://*`: extensions of Firefox have another name in each browser.
 */
export class AllowedOrigins {
  readonly isEverybody: boolean;
  private readonly exact: ReadonlySet<string>;
  private readonly patterns: readonly RegExp[];

  constructor(origins: readonly string[]) {
    this.isEverybody = origins.includes('*');
    this.exact = new Set(origins.filter((origin) => !origin.includes('*')));
    this.patterns = origins.filter((origin) => origin !== '*' && origin.includes('*')).map(patternOf);
  }

  has(origin: string): boolean {
    return this.isEverybody || this.exact.has(origin) || this.patterns.some((pattern) => pattern.test(origin));
  }
}

function patternOf(origin: string): RegExp {
  const escaped = origin.replaceAll(/[.[\]+]/g, '\\$&');
  // The default port is not written (RFC 6454 §6.2), and is a port, too.
  return new RegExp(`^${escaped.replace(/:\*$/, '(?::\\d{1,5})?').replace('://*', `://${label}`)}$`);
}
