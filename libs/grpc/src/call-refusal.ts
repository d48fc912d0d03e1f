import { type ServiceError, status } from '@grpc/grpc-js';

import { type ErrorCode, Refusal } from '@libs/errors';

import { refusalIn } from './status-details.js';

const codes: Partial<Record<status, ErrorCode>> = {
  [status.UNAVAILABLE]: 'SERVICE_UNAVAILABLE',
  [status.DEADLINE_EXCEEDED]: 'SERVICE_TIMEOUT',
  [status.CANCELLED]: 'REQUEST_CANCELLED',
};

/** What a failed call means to the caller: the peer's own refusal if it sent one, else what became of the call. */
export function refusalFrom(error: ServiceError, call: string): Refusal {
  const refusal = refusalIn(error);
  // The peer does not know *us*. That is no fault of the user, who would otherwise be logged out by it.
  if (refusal?.code === 'IDENTITY_SEAL_INVALID') {
    return new Refusal('INTERNAL', { internal: `${call} does not accept our seal`, cause: error });
  }
  const code = wasNeverSent(error) ? 'SERVICE_UNAVAILABLE' : (codes[error.code] ?? 'INTERNAL');
  return refusal ?? new Refusal(code, { internal: `${call}: ${error.message}`, cause: error });
}

/** No connection stood when its time was over: a peer whose machine is gone neither refuses nor answers. */
const wasNeverSent = ({ code, details }: ServiceError): boolean =>
  code === status.DEADLINE_EXCEEDED && /waiting for (LB pick|name resolution)/i.test(details);
