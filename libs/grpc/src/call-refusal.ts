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
  return (
    refusal ?? new Refusal(codes[error.code] ?? 'INTERNAL', { internal: `${call}: ${error.message}`, cause: error })
  );
}
