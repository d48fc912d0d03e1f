import { Body, Controller, HttpCode, Logger, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import { z } from 'zod';

import { ReadinessChecks } from '@libs/observability';

import { Snapshots } from '../../runtime/snapshots.js';
import { type Explanation, explainRequest } from '../explain/explain-request.js';
import { ManagementCalls } from './management-call.js';

const Question = z.strictObject({
  method: z.string().min(1).max(20).default('GET'),
  url: z.string().min(1).max(8192).describe('A path, perhaps with a query, or a whole URL.'),
  headers: z.record(z.string(), z.string()).default({}),
  clientAddress: z.string().optional(),
});
type Question = z.infer<typeof Question>;

const ExplanationView = z
  .object({
    request: z.object({ method: z.string(), host: z.string(), path: z.string(), query: z.string() }),
    outcome: z.string(),
    verdicts: z.array(
      z.object({ route: z.string(), result: z.enum(['wins', 'loses', 'does-not-match']), because: z.string() }),
    ),
    policies: z.looseObject({}).optional().describe('What the request has to pass.'),
    upstream: z.looseObject({}).optional().describe('Where it would go.'),
  })
  .meta({ id: 'Explanation' });

const DrainView = z.object({ draining: z.literal(true) }).meta({ id: 'Drain' });

@ManagementCalls('gateway')
@Controller()
export class GatewayController {
  private readonly logger = new Logger('Management');

  constructor(
    private readonly readiness: ReadinessChecks,
    private readonly snapshots: Snapshots,
  ) {}

  @Post('drain')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Take this gateway out of rotation: not ready any more, for good, but serving what still comes',
    operationId: 'drainGateway',
  })
  @ApiResponse({ status: 202, standardSchema: DrainView })
  drain(): { draining: true } {
    this.logger.log('told to drain');
    this.readiness.drain();
    return { draining: true };
  }

  @Post('explain')
  @HttpCode(200)
  @ApiOperation({ summary: 'Tell what would become of a request, and why', operationId: 'explainRequest' })
  @ApiResponse({ status: 200, standardSchema: ExplanationView })
  explain(@Body({ schema: Question }) question: Question): Explanation {
    return explainRequest(this.snapshots.current, question);
  }
}
