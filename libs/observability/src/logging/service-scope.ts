import { AsyncLocalStorage } from 'node:async_hooks';

const scope = new AsyncLocalStorage<string>();

/**
 * Names the service whose work this is, for the log. Several services may share one process, and Nest's logger is one
 * per process. Servers that are started inside pass the name on to what they serve.
 */
export const runAsService = <T>(service: string, work: () => T): T => scope.run(service, work);

export const currentService = (): string | undefined => scope.getStore();
