import type { ExecutionContext, Type } from '@nestjs/common';
import { HEADERS_METADATA } from '@nestjs/common/constants.js';
import { Reflector } from '@nestjs/core';

import { type AccessRule, accessRulesOf } from '@libs/trusted-headers';

import type { RouteModel } from '../../../apps/gateway/src/routes/model/route.model.js';
import type { Operation } from './document.js';

/** One operation, with the route that leads to it and what its handler says. */
export interface DescribedCall {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
  readonly route: RouteModel;
  readonly handler: HandlerFacts;
}

export interface HandlerFacts {
  readonly access: readonly AccessRule[];
  /** The names that `@Header` sets, in lower case. */
  readonly fixedHeaders: readonly string[];
}

/** Where `@ApiOperation` keeps what it is given. Nest exports it under no name. */
const apiOperation = 'swagger/apiOperation';

type Handler = (...inputs: never[]) => unknown;

/** By operation id, which no two handlers share: generated clients name their functions by it. */
export function handlersOf(controllers: readonly Type[]): Map<string, HandlerFacts> {
  const found = new Map<string, HandlerFacts>();
  for (const controller of controllers) {
    const prototype = controller.prototype as Record<string, Handler>;
    for (const name of Object.getOwnPropertyNames(prototype)) {
      const handler = prototype[name] as Handler;
      const id = operationIdOf(handler);
      if (id === undefined) continue;
      if (found.has(id)) throw new Error(`two handlers are called ${id}`);
      found.set(id, factsOf(controller, handler));
    }
  }
  return found;
}

const operationIdOf = (handler: Handler): string | undefined =>
  (Reflect.getMetadata(apiOperation, handler) as { operationId?: string } | undefined)?.operationId;

function factsOf(controller: Type, handler: Handler): HandlerFacts {
  const execution = { getHandler: () => handler, getClass: () => controller } as unknown as ExecutionContext;
  const headers = (Reflect.getMetadata(HEADERS_METADATA, handler) ?? []) as { name: string }[];
  return {
    access: accessRulesOf(new Reflector(), execution),
    fixedHeaders: headers.map(({ name }) => name.toLowerCase()),
  };
}

/** Services read `Idempotency-Key` with every POST. */
export const isIdempotent = ({ method, route }: DescribedCall): boolean =>
  method === 'POST' && route.target.kind === 'service';
export const takesHeader = ({ parameters = [] }: Operation, name: string): boolean =>
  parameters.some((parameter) => parameter.in === 'header' && parameter.name === name);
export const hasInPath = ({ parameters = [] }: Operation): boolean =>
  parameters.some((parameter) => parameter.in === 'path');
export const takesInput = (operation: Operation): boolean =>
  operation.requestBody !== undefined || (operation.parameters ?? []).some(({ in: place }) => place !== 'header');
