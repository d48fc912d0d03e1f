import { Body, Controller, Get, HttpCode, Post, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';

import { setEtag } from '@libs/service';

import { ConfigurationStatus } from '../../configuration/live/configuration-status.js';
import { Candidate } from './candidate.schema.js';
import { ConfigurationService } from './configuration.service.js';
import { ConfigurationView, DiffView, ValidationView } from './configuration.view.js';
import { ManagementCalls } from './management-call.js';

@ManagementCalls('configuration')
@Controller('configuration')
export class ConfigurationController {
  constructor(
    private readonly configuration: ConfigurationService,
    private readonly status: ConfigurationStatus,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Show the configuration in force, without secrets', operationId: 'getConfiguration' })
  @ApiResponse({ status: 200, standardSchema: ConfigurationView })
  show(@Res({ passthrough: true }) reply: FastifyReply): ConfigurationView {
    const { publication } = this.status.inForce;
    if (publication !== undefined) setEtag(reply, publication);
    return this.configuration.show();
  }

  @Post('validate')
  @HttpCode(200)
  @ApiOperation({ summary: 'Find every mistake of a configuration', operationId: 'validateConfiguration' })
  @ApiResponse({ status: 200, standardSchema: ValidationView })
  validate(@Body({ schema: Candidate }) body: Candidate): Promise<ValidationView> {
    return this.configuration.validate(body);
  }

  @Post('diff')
  @HttpCode(200)
  @ApiOperation({ summary: 'Tell what a configuration would change', operationId: 'diffConfiguration' })
  @ApiResponse({ status: 200, standardSchema: DiffView })
  diff(@Body({ schema: Candidate }) body: Candidate): Promise<DiffView> {
    return this.configuration.diff(body);
  }
}
