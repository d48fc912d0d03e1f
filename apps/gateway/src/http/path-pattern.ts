/** A path as written in a route: literal segments, `{parameters}`, and perhaps `/**` for all that follows. */
export interface PathPattern {
  readonly text: string;
  readonly segments: readonly PathSegment[];
  readonly hasRest: boolean;
}

type PathSegment = { readonly literal: string } | { readonly parameter: string };

const parameter = /^\{([A-Za-z]\w*)\}$/;

/** Throws a plain `Error` whose message says what is wrong with the pattern. */
export function parsePathPattern(text: string): PathPattern {
  if (!text.startsWith('/')) throw new Error('must begin with a slash');
  const hasRest = text.endsWith('/**');
  const fixed = hasRest ? text.slice(0, -3) : text;
  const segments = fixed === '' ? [] : splitPath(fixed).map(parseSegment);
  const names = segments.flatMap((segment) => ('parameter' in segment ? [segment.parameter] : []));
  if (new Set(names).size < names.length) throw new Error('has two parameters of one name');
  return { text, segments, hasRest };
}

function parseSegment(text: string): PathSegment {
  const [, name] = parameter.exec(text) ?? [];
  if (name !== undefined) return { parameter: name };
  if (/[{}*]/.test(text)) throw new Error('may use { } only around a whole segment, and ** only as the last segment');
  return { literal: text };
}

/** `/a/b` is `a`, `b`; `/` is one empty segment; `/a/` is `a` and an empty one. */
export const splitPath = (path: string): string[] => path.slice(1).split('/');

/** What two routes have in common if no request could tell them apart, whatever their parameters are called. */
export const placeOf = (host: string | undefined, { segments, hasRest }: PathPattern): string =>
  `${host ?? '*'}${segments.map((segment) => ('literal' in segment ? `/${segment.literal}` : '/{}')).join('')}${hasRest ? '/**' : ''}`;
