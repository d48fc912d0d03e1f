import { AsyncLocalStorage } from 'node:async_hooks';

const reading = new AsyncLocalStorage<true>();

/**
 * Reads what may take a while, of which each tenant has one at a time in each process. Embedded SQLite answers in a thread of
 * its own meanwhile: on the event loop everybody would wait.
 */
export const asLongRead = <T>(read: () => Promise<T>): Promise<T> => reading.run(true, read);

export const isLongRead = (): boolean => reading.getStore() === true;
