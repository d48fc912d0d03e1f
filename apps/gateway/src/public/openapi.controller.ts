import { readFileSync } from 'node:fs';

import { Controller, Get, Header, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';

import { Refusal } from '@libs/errors';

import { Snapshots } from '../configuration/snapshots.js';
import { pipelineGuards } from '../pipeline.js';

/** The description of the external API, as the configuration names it. */
@Controller('openapi.json')
@ApiExcludeController()
@UseGuards(...pipelineGuards)
export class OpenapiController {
  private readonly document: Buffer | undefined;

  constructor(snapshots: Snapshots) {
    const { openapi } = snapshots.current.configuration;
    this.document = openapi === undefined ? undefined : readFileSync(openapi);
  }

  @Get()
  @Header('content-type', 'application/json')
  read(): Buffer {
    if (this.document === undefined) throw new Refusal('ROUTE_NOT_FOUND');
    return this.document;
  }
}
