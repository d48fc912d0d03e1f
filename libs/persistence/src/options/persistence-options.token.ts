/** The injection token of `PersistenceOptions`. */
export const persistenceOptions = Symbol('PersistenceOptions');
