import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

import type { Fault } from './fault.js';

/** Of the database. */
export const fullDisk: Fault = {
  name: 'the full disk of the database',
  begin({ disk }) {
    const filler = join(disk, 'filler');
    const fill = (): void => {
      const file = openSync(filler, 'a');
      try {
        for (const size of [2 ** 20, 2 ** 12]) {
          const piece = Buffer.alloc(size, 'x');
          try {
            for (;;) writeSync(file, piece);
          } catch (error) {
            if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
          }
        }
      } finally {
        closeSync(file);
      }
    };
    fill();
    // What the database gives back while it is full must not let it breathe.
    const again = setInterval(fill, 200);
    return Promise.resolve(() => {
      clearInterval(again);
      rmSync(filler);
      return Promise.resolve(undefined);
    });
  },
};
