import { Controller, Get } from '@nestjs/common';
import { ApiExcludeController, type OpenAPIObject } from '@nestjs/swagger';

import { Access } from '@libs/trusted-headers';

import { describeManagement } from './describe-management.js';

/** Says what can be called here. It is no secret, so it needs no token. */
@Controller('openapi.json')
@Access('unsealed')
@ApiExcludeController()
export class DescriptionController {
  private document: Promise<OpenAPIObject> | undefined;

  @Get()
  read(): Promise<OpenAPIObject> {
    return (this.document ??= describeManagement());
  }
}
