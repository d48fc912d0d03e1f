import { applyDecorators, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';

import { Access } from '@libs/trusted-headers';

import { ManagementTokenGuard } from './management-token.guard.js';

/** Marks a controller of the management API. Its callers are operators with the token, not identities of the platform. */
export const ManagementCalls = (tag: string): ClassDecorator =>
  applyDecorators(ApiTags(tag), ApiBearerAuth('managementToken'), Access('unsealed'), UseGuards(ManagementTokenGuard));
