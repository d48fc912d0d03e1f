import { Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';

import { Refusal } from '@libs/errors';
import type { ListQuery } from '@libs/persistence';
import { ApiRefusal } from '@libs/service';
import { Access, CurrentIdentity, type Identity } from '@libs/trusted-headers';

import { DuringPasswordChange } from '../credentials/password-change.guard.js';
import { StepUp } from '../step-up/step-up.js';
import { requireSession } from '../caller/own-session.js';
import { SessionList, toSessionAnswer } from './session.schema.js';
import { sessionListing } from './session-listing.js';
import { SessionStore } from '../sessions/session.store.js';

@ApiTags('auth')
@ApiBearerAuth()
@Access('person')
@Controller('auth')
export class SessionController {
  constructor(
    private readonly sessions: SessionStore,
    private readonly stepUp: StepUp,
  ) {}

  @Post('logout')
  @DuringPasswordChange()
  @HttpCode(204)
  @ApiOperation({ operationId: 'logout', summary: 'Ends the session: its tokens are refused everywhere' })
  @ApiResponse({ status: 204 })
  async logout(@CurrentIdentity() identity: Identity): Promise<void> {
    await this.sessions.end({ id: requireSession(identity), userId: identity.userId }, 'logout');
  }

  @Get('sessions')
  @ApiOperation({ operationId: 'listSessions', summary: 'Lists the live sessions of the caller' })
  @ApiResponse({ status: 200, standardSchema: SessionList })
  async list(
    @Query({ schema: sessionListing.query }) query: ListQuery,
    @CurrentIdentity() identity: Identity,
  ): Promise<SessionList> {
    const current = requireSession(identity);
    const { items, nextPageToken } = await sessionListing.page(this.sessions.liveOnesOf(identity.userId), query);
    return { items: items.map((session) => toSessionAnswer(session, current)), nextPageToken };
  }

  @Delete('sessions')
  @HttpCode(204)
  @ApiOperation({ operationId: 'endOtherSessions', summary: 'Ends all sessions of the caller but this one' })
  @ApiResponse({ status: 204 })
  @ApiRefusal('AUTH_STEP_UP_REQUIRED', 'where a second factor is enrolled')
  async endOthers(@CurrentIdentity() identity: Identity): Promise<void> {
    const kept = await this.stepUp.requireIfEnrolled(identity);
    await this.sessions.endAllOf(identity.userId, 'ended-by-user', kept);
  }

  @Delete('sessions/:id')
  @HttpCode(204)
  @ApiOperation({ operationId: 'endSession', summary: 'Ends one session of the caller' })
  @ApiResponse({ status: 204 })
  @ApiRefusal('AUTH_STEP_UP_REQUIRED', 'where a second factor is enrolled, for another session')
  @ApiRefusal('RESOURCE_NOT_FOUND', 'no live session of the caller has this id')
  async end(@Param('id') id: string, @CurrentIdentity() identity: Identity): Promise<void> {
    // One's own is a logout; another one is somebody shut out.
    if (id !== requireSession(identity)) await this.stepUp.requireIfEnrolled(identity);
    const ended = await this.sessions.end({ id, userId: identity.userId }, 'ended-by-user');
    if (!ended) throw new Refusal('RESOURCE_NOT_FOUND');
  }
}
