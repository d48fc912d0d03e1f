import { status as grpcStatus, Metadata, type ServiceError } from '@grpc/grpc-js';

import { catalogue, isErrorCode, Refusal } from '@libs/errors';

import { Any } from './generated/google/protobuf/any.js';
import { BadRequest, ErrorInfo, Status } from './generated/google/rpc/status.js';

const domain = 'gatehouse';
const detailsKey = 'grpc-status-details-bin';
const typePrefix = 'type.googleapis.com/';
// Trailers share the header budget of HTTP/2 stacks, often 8 KiB in all.
const maxFieldErrors = 20;

const pack = (type: string, value: Uint8Array): Any => ({ typeUrl: `${typePrefix}${type}`, value: Buffer.from(value) });

export interface GrpcStatus {
  readonly code: grpcStatus;
  readonly details: string;
  readonly metadata: Metadata;
}

/** The rich error model of gRPC: code as ErrorInfo.reason, header fields as its metadata, field errors as BadRequest. */
export function toGrpcStatus(refusal: Refusal): GrpcStatus {
  const code = grpcStatus[refusal.entry.grpc];
  const message = refusal.detail ?? refusal.entry.title;
  const details = [
    pack(
      'google.rpc.ErrorInfo',
      ErrorInfo.encode({ reason: refusal.code, domain, metadata: { ...refusal.headers } }).finish(),
    ),
  ];
  if (refusal.errors.length > 0) {
    const fieldViolations = refusal.errors
      .slice(0, maxFieldErrors)
      .map(({ field, code: reason, message: description }) => ({ field, reason, description }));
    details.push(pack('google.rpc.BadRequest', BadRequest.encode({ fieldViolations }).finish()));
  }
  const metadata = new Metadata();
  metadata.set(detailsKey, Buffer.from(Status.encode({ code, message, details }).finish()));
  return { code, details: message, metadata };
}

/** The refusal that a Gatehouse service sent, or undefined if the status comes from anything else. */
export function refusalIn(error: ServiceError): Refusal | undefined {
  const [bytes] = error.metadata.get(detailsKey);
  if (!(bytes instanceof Buffer)) return undefined;

  const { message, details } = Status.decode(bytes);
  const find = (type: string) => details.find(({ typeUrl }) => typeUrl === `${typePrefix}${type}`)?.value;
  const info = ErrorInfo.decode(find('google.rpc.ErrorInfo') ?? new Uint8Array());
  if (info.domain !== domain || !isErrorCode(info.reason)) return undefined;

  const { fieldViolations } = BadRequest.decode(find('google.rpc.BadRequest') ?? new Uint8Array());
  return new Refusal(info.reason, {
    detail: message === catalogue[info.reason].title ? undefined : message,
    errors: fieldViolations.map(({ field, reason, description }) => ({ field, code: reason, message: description })),
    headers: info.metadata,
    cause: error,
  });
}
