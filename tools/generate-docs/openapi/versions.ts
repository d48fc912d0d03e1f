import { takesHeader } from './described-call.js';
import { type Answer, type Document, isSuccess, type Operation } from './document.js';

/** The component that an answer shows; undefined where it shows none, or a page of a list. */
export function componentOf({ content = {} }: Answer): string | undefined {
  return content['application/json']?.schema?.$ref?.split('/').at(-1);
}

/**
 * Names the things that have versions: what is answered where `If-Match` is taken, by commands upon it, and by the POST
 * that makes it. Whoever must send a version has to be told it.
 */
export function versionedThings({ paths }: Document): Set<string> {
  const versioned = Object.keys(paths).filter((path) => operationsAt(paths, path).some(takesVersion));
  const answering = versioned.flatMap((path) => [
    ...operationsAt(paths, path),
    ...Object.keys(paths)
      .filter((other) => other.startsWith(`${path}:`))
      .flatMap((other) => operationsAt(paths, other)),
    ...madeAt(paths, path.slice(0, path.lastIndexOf('/'))),
  ]);
  const things = answering.flatMap(({ responses }) =>
    Object.entries(responses).flatMap(([status, answer]) => (isSuccess(status) ? (componentOf(answer) ?? []) : [])),
  );
  return new Set(things);
}

const takesVersion = (operation: Operation): boolean => takesHeader(operation, 'If-Match');
const operationsAt = (paths: Document['paths'], path: string): Operation[] => Object.values(paths[path] ?? {});

const madeAt = (paths: Document['paths'], path: string): Operation[] => {
  const post = paths[path]?.['post'];
  return post?.responses['201'] === undefined ? [] : [post];
};
