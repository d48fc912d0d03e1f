import { z } from 'zod';

import { wholeNumber } from './quantities.js';

/** Where something listens. */
export const socket = (host: string, port: number) => ({
  host: z.string().min(1).default(host).describe('The address to listen on.'),
  port: wholeNumber(0, 65_535).default(port).describe('The port; 0: any that is free.'),
});
