import { Metadata, type ServerUnaryCall } from '@grpc/grpc-js';
import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor, Optional } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { from, lastValueFrom, type Observable } from 'rxjs';

import { idempotencyModeOf, IdempotentRun, type KeptAnswer, readIdempotencyKey } from '@libs/persistence';
import { currentContext, senderOf } from '@libs/trusted-headers';
import { Refusal } from '@libs/errors';

import type { AnyMethod } from './service-definition.js';

type Call = ServerUnaryCall<unknown, unknown>;

/** As in REST: a call with the metadata `idempotency-key` happens once, and has the answer of the first one ever after. */
@Injectable()
export class GrpcIdempotencyInterceptor implements NestInterceptor {
  constructor(
    private readonly reflector: Reflector,
    /** A service without a database has nothing that could happen twice. */
    @Optional() private readonly run?: IdempotentRun,
  ) {}

  intercept(execution: ExecutionContext, next: CallHandler): Observable<unknown> {
    const [request, metadata, call] = execution.getArgs<[unknown, Metadata, Call]>();
    const key = this.run === undefined ? undefined : keyIn(metadata);
    const method = key === undefined ? undefined : methodOf(execution, call);
    if (this.run === undefined || key === undefined || method === undefined) return next.handle();
    return from(this.once(this.run, key, { execution, next, request, call, method }));
  }

  private async once(
    run: IdempotentRun,
    key: string,
    { execution, next, request, call, method }: Invocation,
  ): Promise<unknown> {
    const { identity } = currentContext();
    let own: { readonly answer: KeptAnswer; readonly response: unknown } | undefined;
    const answer = await run.once({
      description: {
        userId: senderOf(identity),
        tenantId: identity.tenantId,
        route: `gRPC ${method.path}`,
        key,
        content: method.requestSerialize(request).toString('base64'),
      },
      mode: idempotencyModeOf(this.reflector, execution),
      handle: () => lastValueFrom(next.handle()),
      toAnswer: (response) => {
        const answer = { status: 0, headers: {}, body: method.responseSerialize(response).toString('base64') };
        own = { answer, response };
        return answer;
      },
    });
    if (own?.answer === answer) return own.response;
    const replayed = new Metadata();
    replayed.set('idempotent-replayed', 'true');
    call.sendMetadata(replayed);
    if ('refused' in answer) throw new Refusal(answer.refused, { detail: answer.detail, errors: answer.errors });
    return method.responseDeserialize(Buffer.from(String(answer.body), 'base64'));
  }
}

interface Invocation {
  readonly execution: ExecutionContext;
  readonly next: CallHandler;
  readonly request: unknown;
  readonly call: Call;
  readonly method: AnyMethod;
}

const definitions = new WeakMap<Function, Readonly<Record<string, AnyMethod>>>();

/** Remembers which contract a class serves: the answers are kept in its encoding. */
export const serves = (target: Function, definition: Readonly<Record<string, AnyMethod>>): void =>
  void definitions.set(target, definition);

const methodOf = (execution: ExecutionContext, call: Call): AnyMethod | undefined =>
  Object.values(definitions.get(execution.getClass()) ?? {}).find(({ path }) => path === call.getPath());

function keyIn(metadata: Metadata): string | undefined {
  const values = metadata.get('idempotency-key').map(String);
  return readIdempotencyKey(values.length > 1 ? values : values[0]);
}
