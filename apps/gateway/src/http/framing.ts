import type { IncomingMessage } from 'node:http';

import { hasMember } from './list-field.js';

/** Where such a request ends, others may see otherwise: HTTP/1.0 knows no chunks (RFC 9112 §6.1). */
export const hasDoubtfulFraming = ({ headers, httpVersion }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined &&
  (httpVersion === '1.0' || headers['transfer-encoding'].toLowerCase() !== 'chunked');

/** HTTP/1.0 knows neither expectations nor interim answers (RFC 9110 §10.1.1). */
export const wantsContinue = ({ headers, httpVersion }: IncomingMessage): boolean =>
  headers.expect !== undefined && httpVersion !== '1.0' && hasMember(headers.expect, '100-continue');
