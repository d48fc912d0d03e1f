export interface SearchList {
  readonly domains: readonly string[];
  /** A name with fewer dots is first looked for in the domains. */
  readonly ndots: number;
}

/** resolv.conf(5). Of `search` and `domain` the last one counts. */
export function parseSearchList(text: string): SearchList {
  let domains: readonly string[] = [];
  let ndots = 1;
  for (const line of text.split('\n')) {
    const [word = '', ...rest] = line
      .replace(/[#;].*/, '')
      .trim()
      .split(/\s+/);
    if (word === 'search' || word === 'domain') {
      domains = rest.map((domain) => domain.replace(/\.$/, '').toLowerCase()).filter((domain) => domain !== '');
    }
    if (word !== 'options') continue;
    for (const option of rest) {
      const [, dots] = /^ndots:(\d+)$/.exec(option) ?? [];
      if (dots !== undefined) ndots = Math.min(Number(dots), 15);
    }
  }
  return { domains, ndots };
}

/** The full names that a name may stand for, the likeliest first. A dot at the end says that it is a full one. */
export function candidatesFor(name: string, { domains, ndots }: SearchList): readonly string[] {
  if (name.endsWith('.')) return [name.slice(0, -1)];
  const within = domains.map((domain) => `${name}.${domain}`);
  const dots = name.split('.').length - 1;
  return dots >= ndots ? [name, ...within] : [...within, name];
}
