/** What makes two names the same: neither case nor the composition of letters counts. At most twice as long. */
export const nameKey = (name: string): string => name.normalize('NFC').toLowerCase();
