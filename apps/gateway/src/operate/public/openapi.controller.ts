import { readFileSync } from 'node:fs';

import { Controller, Get, Header } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';

import { Refusal } from '@libs/errors';

import type { Snapshot } from '../../runtime/snapshot.js';
import { Snapshots } from '../../runtime/snapshots.js';

/** The description of the external API, as the configuration names it. */
@Controller('openapi.json')
@ApiExcludeController()
export class OpenapiController {
  private document: { readonly of: Snapshot; readonly body: Buffer | undefined };

  constructor(private readonly snapshots: Snapshots) {
    this.document = readDocument(snapshots.current);
  }

  @Get()
  @Header('content-type', 'application/json')
  read(): Buffer {
    const { current } = this.snapshots;
    if (this.document.of !== current) this.document = readDocument(current);
    if (this.document.body === undefined) throw new Refusal('ROUTE_NOT_FOUND');
    return this.document.body;
  }
}

function readDocument(snapshot: Snapshot): { readonly of: Snapshot; readonly body: Buffer | undefined } {
  const { openapi } = snapshot.configuration;
  return { of: snapshot, body: openapi === undefined ? undefined : readFileSync(openapi) };
}
