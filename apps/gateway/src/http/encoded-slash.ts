/** Escapes are in upper case once a path is normalised. */
export const encodedSlash = '%2F';

export const hasEncodedSlash = (path: string): boolean => path.includes(encodedSlash);
