/** Nest's own: an application, or the reference to a module. */
interface Container {
  get<T>(token: abstract new (...args: never[]) => T, options: { strict: false }): T;
}

/** What the application provides anywhere, or undefined: a service may do without a store. */
export function provided<T>(container: Container, token: abstract new (...args: never[]) => T): T | undefined {
  try {
    return container.get<T>(token, { strict: false });
  } catch {
    return undefined;
  }
}
