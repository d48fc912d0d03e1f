import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';

import type { ListQuery } from '@libs/persistence';
import { Access, CurrentIdentity, type Identity } from '@libs/trusted-headers';

import { requireSession } from '../caller/own-session.js';
import { SecurityEventList, securityEventListing, toSecurityEvent } from './security-event.schema.js';
import { SecurityEventStore } from './security-event.store.js';

@ApiTags('auth')
@ApiBearerAuth()
@Access('person')
@Controller('auth')
export class SecurityEventController {
  constructor(private readonly events: SecurityEventStore) {}

  @Get('events')
  @ApiOperation({
    operationId: 'listSecurityEvents',
    summary:
      'Lists what has happened to the account of the caller: logins, passwords, addresses, factors, keys, sessions',
  })
  @ApiResponse({ status: 200, standardSchema: SecurityEventList })
  async list(
    @Query({ schema: securityEventListing.query }) query: ListQuery,
    @CurrentIdentity() identity: Identity,
  ): Promise<SecurityEventList> {
    requireSession(identity);
    const { items, nextPageToken } = await securityEventListing.page(this.events.of(identity.userId), query);
    return { items: items.map(toSecurityEvent), nextPageToken };
  }
}
