import type { IncomingMessage } from 'node:http';

import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';

import { Refusal } from '@libs/errors';

import { mostBytes } from './received-tables.js';
import { TableBody } from './table-body.js';

const importPath = '/internal/users:import';

/** Lets the import read its body as it comes; everywhere else a table is no body. */
@Injectable()
export class CsvBody implements OnModuleInit {
  constructor(private readonly host: HttpAdapterHost) {}

  onModuleInit(): void {
    const fastify = this.host.httpAdapter.getInstance<FastifyInstance>();
    fastify.addContentTypeParser('text/csv', { bodyLimit: mostBytes }, (request, payload: IncomingMessage, done) => {
      const isImport = request.url.split('?')[0] === importPath;
      if (isImport) done(null, new TableBody(payload));
      else done(new Refusal('REQUEST_MEDIA_TYPE_UNSUPPORTED'));
    });
  }
}
