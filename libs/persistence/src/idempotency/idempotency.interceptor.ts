import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { from, lastValueFrom, type Observable } from 'rxjs';

import { Refusal } from '@libs/errors';
import { accessRulesOf, currentContextOrNone, senderOf } from '@libs/trusted-headers';

import { idempotencyModeOf } from './idempotency.decorator.js';
import { readIdempotencyKey } from './idempotency-key.js';
import { IdempotentRun } from './idempotent-run.js';
import { type KeptAnswer } from './kept-answer.js';
import { StreamedBody } from './streamed-body.js';

interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: unknown;
}

interface HttpReply {
  readonly statusCode: number;
  status(code: number): unknown;
  header(name: string, value: string): unknown;
  getHeader(name: string): number | string | string[] | undefined;
}

const keptHeaders = ['location', 'etag'];

/** Lets a client send a POST again without it happening twice: the second one has the answer of the first. */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(
    private readonly run: IdempotentRun,
    private readonly reflector: Reflector,
  ) {}

  intercept(execution: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (execution.getType() !== 'http') return next.handle();
    const request = execution.switchToHttp().getRequest<HttpRequest>();
    const key = request.method === 'POST' ? readIdempotencyKey(request.headers['idempotency-key']) : undefined;
    return key === undefined ? next.handle() : from(this.withBody(key, request, execution, next));
  }

  /** What is a person's own may change the tenant that they work in, and is the same call when it comes again. */
  private isOwn(execution: ExecutionContext): boolean {
    const rules = accessRulesOf(this.reflector, execution);
    return rules.length > 0 && rules.every((rule) => rule === 'person');
  }

  private async withBody(key: string, request: HttpRequest, execution: ExecutionContext, next: CallHandler) {
    const { body } = request;
    if (!(body instanceof StreamedBody)) return this.once(key, body ?? null, request, execution, next);
    try {
      return await this.once(key, await body.digest(), request, execution, next);
    } finally {
      await body.release();
    }
  }

  private async once(
    key: string,
    content: unknown,
    request: HttpRequest,
    execution: ExecutionContext,
    next: CallHandler,
  ): Promise<unknown> {
    const reply = execution.switchToHttp().getResponse<HttpReply>();
    const mode = idempotencyModeOf(this.reflector, execution);
    const identity = currentContextOrNone()?.identity;
    const [path, query] = splitUrl(request.url);

    let own: KeptAnswer | undefined;
    const answer = await this.run.once({
      description: {
        userId: identity === undefined ? '' : senderOf(identity),
        tenantId: this.isOwn(execution) ? '' : (identity?.tenantId ?? ''),
        route: `POST ${path}`,
        key,
        content: [query, content],
      },
      mode,
      handle: () => lastValueFrom(next.handle(), { defaultValue: undefined }),
      toAnswer: (body) => (own = { status: reply.statusCode, headers: readHeaders(reply), body }),
    });
    return answer === own && 'status' in answer ? answer.body : replay(answer, reply);
  }
}

function replay(answer: KeptAnswer, reply: HttpReply): unknown {
  reply.header('idempotent-replayed', 'true');
  if ('refused' in answer) throw new Refusal(answer.refused, { detail: answer.detail, errors: answer.errors });
  reply.status(answer.status);
  for (const [name, value] of Object.entries(answer.headers)) reply.header(name, value);
  return answer.body;
}

function readHeaders(reply: HttpReply): Record<string, string> {
  const present = keptHeaders.flatMap((name) => {
    const value = reply.getHeader(name);
    return value === undefined ? [] : [[name, String(value)] as const];
  });
  return Object.fromEntries(present);
}

function splitUrl(url: string): [path: string, query: string] {
  const at = url.indexOf('?');
  return at === -1 ? [url, ''] : [url.slice(0, at), url.slice(at + 1)];
}
