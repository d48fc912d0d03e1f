import { randomUUID } from 'node:crypto';
import type { TlsOptions } from 'node:tls';

import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { type ErrorCode, Refusal } from '@libs/errors';

import { maxBodyBytes } from '../input/json-body.js';
import { rawProblem, sendProblem } from '../problems/problem-reply.js';
import { toRefusal } from '../problems/to-refusal.js';

/** A whole request must be here within this time; whoever sends slower is holding a connection. */
const requestTimeoutMs = 30_000;
/** Longer than clients keep idle connections, so that it is never the server that closes one they are about to use. */
const keepAliveTimeoutMs = 75_000;

const codeByParserError: Readonly<Record<string, ErrorCode>> = {
  HPE_HEADER_OVERFLOW: 'REQUEST_HEADERS_TOO_LARGE',
  ERR_HTTP_REQUEST_TIMEOUT: 'REQUEST_TIMEOUT',
};

/** Fastify with limits, and with problems for what goes wrong before any route is found. */
export const httpAdapter = (tls?: TlsOptions): FastifyAdapter =>
  new FastifyAdapter({
    ...(tls === undefined ? {} : { https: tls }),
    bodyLimit: maxBodyBytes,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: keepAliveTimeoutMs,
    routerOptions: { maxParamLength: 200 },
    return503OnClosing: false,
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) =>
      sendProblem(
        request,
        reply,
        'code' in error && error.code === 'FST_ERR_BAD_URL'
          ? new Refusal('REQUEST_PATH_INVALID', { internal: error.message })
          : toRefusal(error),
      ),
    clientErrorHandler: (error, socket) => {
      if (socket.writable && error.code !== 'ECONNRESET') {
        const refusal = new Refusal(codeByParserError[error.code] ?? 'REQUEST_MALFORMED');
        socket.write(rawProblem(refusal, randomUUID()));
      }
      socket.destroy();
    },
  });
