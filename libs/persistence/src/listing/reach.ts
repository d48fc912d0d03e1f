/** How many rows a page looks at, at most, and how many are counted. */
export const rowsOfReach = 10_000;

/** So many are looked at, and `rowsOfReach` entries of an index, in so little time that nobody notices. */
export const rowsAtOnce = 1_000;
