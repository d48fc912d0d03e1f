import { type PathPattern, splitPath } from './path-pattern.js';

/** The path that the service sees: parameters and rest of `from`, as found in `path`, put into `to`. */
export function rewritePath(path: string, from: PathPattern, to: PathPattern): string {
  const segments = splitPath(path);
  const parameters = new Map<string, string>();
  from.segments.forEach((segment, index) => {
    if ('parameter' in segment) parameters.set(segment.parameter, segments[index] ?? '');
  });
  const rewritten = to.segments.map((segment) =>
    'literal' in segment ? segment.literal : (parameters.get(segment.parameter) ?? ''),
  );
  if (to.hasRest) rewritten.push(...segments.slice(from.segments.length));
  return `/${rewritten.join('/')}`;
}
