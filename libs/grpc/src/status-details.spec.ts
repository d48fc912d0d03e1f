import { Metadata, type ServiceError, status } from '@grpc/grpc-js';

import { catalogue, type ErrorCode, Refusal } from '@libs/errors';

import { refusalFrom } from './call-refusal.js';
import { Status } from './generated/google/rpc/status.js';
import { refusalIn, toGrpcStatus } from './status-details.js';

const codes = Object.keys(catalogue) as ErrorCode[];
const asError = (sent: ReturnType<typeof toGrpcStatus>): ServiceError => Object.assign(new Error(sent.details), sent);
const plainError = (code: status, metadata = new Metadata()): ServiceError =>
  Object.assign(new Error('13 INTERNAL: nothing to tell'), { code, details: '', metadata });

describe('a refusal on the wire', () => {
  it.each(codes)('is %s on both sides, with its gRPC status', (code) => {
    const sent = toGrpcStatus(new Refusal(code));
    expect(status[sent.code]).toBe(catalogue[code].grpc);
    expect(refusalIn(asError(sent))).toMatchObject({ code, detail: undefined, errors: [], headers: {} });
  });

  it('carries detail, field errors and header fields', () => {
    const refusal = new Refusal('REQUEST_INVALID', {
      detail: 'Two fields – sorry',
      errors: [
        { field: 'name', code: 'TOO_LONG', message: 'At most 100 characters.' },
        { field: 'items.0.id', code: 'INVALID', message: 'Not an id.' },
      ],
      headers: { 'retry-after': '3' },
    });
    const { detail, errors, headers } = refusal;
    expect(refusalIn(asError(toGrpcStatus(refusal)))).toMatchObject({ detail, errors, headers });
  });

  it('leaves what is for the log at home', () => {
    const refusal = new Refusal('INTERNAL', { internal: 'table users is gone', cause: new Error('hunter2') });
    const { details, metadata } = toGrpcStatus(refusal);
    const bytes = metadata.get('grpc-status-details-bin').join();
    expect(`${details} ${bytes}`).not.toMatch(/users|hunter2/);
  });

  it.each(codes)('tells no caller the cause of %s, and what an operator checks', (code) => {
    const { details, metadata } = toGrpcStatus(new Refusal(code));
    const { cause, check } = catalogue[code];
    const sent = `${details} ${metadata.get('grpc-status-details-bin').join()}`;
    for (const text of [cause, check]) expect(sent).not.toContain(text);
  });

  it('stays small enough for a trailer', () => {
    const errors = Array.from({ length: 5_000 }, (_, index) => ({
      field: `items.${index}`,
      code: 'BAD',
      message: 'Bad.',
    }));
    const { metadata } = toGrpcStatus(new Refusal('REQUEST_INVALID', { errors }));
    expect((metadata.get('grpc-status-details-bin')[0] as Buffer).length).toBeLessThan(4_096);
  });
});

describe('refusalFrom', () => {
  const foreign = new Metadata();
  foreign.set('grpc-status-details-bin', Buffer.from(Status.encode({ code: 5, message: 'x', details: [] }).finish()));

  it.each([
    { what: 'a peer that is not there', error: plainError(status.UNAVAILABLE), code: 'SERVICE_UNAVAILABLE' },
    { what: 'a deadline', error: plainError(status.DEADLINE_EXCEEDED), code: 'SERVICE_TIMEOUT' },
    { what: 'a cancelled call', error: plainError(status.CANCELLED), code: 'REQUEST_CANCELLED' },
    { what: 'any other status', error: plainError(status.NOT_FOUND), code: 'INTERNAL' },
    { what: 'details of somebody else', error: plainError(status.NOT_FOUND, foreign), code: 'INTERNAL' },
  ])('makes $code of $what', ({ error, code }) => {
    const refusal = refusalFrom(error, 'auth-service/x.Y/Z');
    expect(refusal).toMatchObject({ code, cause: error });
    expect(refusal.internal).toContain('auth-service/x.Y/Z');
  });
});
