import { type ExecutionContext, Logger, type PreRequestHook, SetMetadata } from '@nestjs/common';
import { tap } from 'rxjs';

import { handlerRefusal } from '@libs/grpc';
import type { Metrics } from '@libs/observability';
import { anonymous, currentContextOrNone } from '@libs/trusted-headers';

const logger = new Logger('AccessLog');

const polled = Symbol('polled');

/**
 * Marks a gRPC method that other services call every few seconds, whether or not there is news: what went well is told
 * at the level `debug` only. A platform where nothing happens is silent.
 */
export const Polled = () => SetMetadata(polled, true);

/**
 * One line and one measurement for every gRPC call that was served. It runs before the guard, so that calls that
 * were turned away are seen, too. An error that nobody foresaw is written down by the filter that hides it.
 */
export const logCalls =
  (metrics: Metrics): PreRequestHook =>
  (execution, next) => {
    const begun = performance.now();
    const done = (error?: unknown): void => {
      const milliseconds = performance.now() - begun;
      const method = methodOf(execution);
      const refusal = error === undefined ? undefined : handlerRefusal(error);
      const status = refusal?.entry.grpc ?? 'OK';
      metrics.countCall({ method, status, seconds: milliseconds / 1000 });
      const { identity } = currentContextOrNone() ?? { identity: anonymous };
      const isQuiet = refusal === undefined && Reflect.getMetadata(polled, execution.getHandler()) === true;
      logger[isQuiet ? 'debug' : 'log']({
        msg: 'called',
        method,
        status,
        latency_ms: Math.round(milliseconds * 100) / 100,
        user_id: identity.userId,
        tenant_id: identity.tenantId,
        ...(refusal === undefined ? {} : { code: refusal.code, reason: refusal.internal }),
      });
    };
    return next().pipe(tap({ complete: () => done(), error: done }));
  };

/** `/gatehouse.tenant.v1.UserService/GetUser`. */
const methodOf = (execution: ExecutionContext): string => execution.getArgByIndex<{ getPath(): string }>(2).getPath();
