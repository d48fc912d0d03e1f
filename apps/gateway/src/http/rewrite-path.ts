import { type PathPattern, splitPath } from './path-pattern.js';

/** How one path becomes another. */
export interface Rewrite {
  /** A text as it is, or the index of the segment that stands there in the path of the client. */
  readonly parts: readonly (string | number)[];
  /** From this segment on, the path of the client is appended; undefined: it is not. */
  readonly restFrom: number | undefined;
}

/** `to` may name only parameters of `from`, and end in `/**` only if `from` does. */
export function compileRewrite(from: PathPattern, to: PathPattern): Rewrite {
  const indexes = new Map(
    from.segments.map((segment, index) => ['parameter' in segment ? segment.parameter : '', index]),
  );
  return {
    parts: to.segments.map((segment) =>
      'literal' in segment ? segment.literal : (indexes.get(segment.parameter) ?? ''),
    ),
    restFrom: to.hasRest ? from.segments.length : undefined,
  };
}

export function rewritePath(path: string, { parts, restFrom }: Rewrite): string {
  const segments = splitPath(path);
  const rewritten = parts.map((part) => (typeof part === 'string' ? part : (segments[part] ?? '')));
  if (restFrom !== undefined) rewritten.push(...segments.slice(restFrom));
  return `/${rewritten.join('/')}`;
}
