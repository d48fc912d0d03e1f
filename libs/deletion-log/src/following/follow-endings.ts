import { EventBus } from '@libs/events';
import {
  type EndingMessage,
  GrpcClients,
  type ListEndingsRequest,
  type ListEndingsResponse,
  ProjectEndingServiceService,
  TenantEndingServiceService,
} from '@libs/grpc';
import { Database, type Piece } from '@libs/persistence';

import type { Ending } from '../log/ending.entity.js';
import { EndingsFollower } from './endings-follower.js';
import { EndingsLog } from '../log/endings-log.js';

const contracts = {
  'tenant-service': TenantEndingServiceService,
  'project-service': ProjectEndingServiceService,
} as const;

/** What a service does when something of another service has ended. */
export abstract class AfterEnding {
  /**
   * A piece of what follows, in the transaction that remembers that it is done; it is asked again while something may be
   * left. What does not concern this service is done at once.
   */
  abstract apply(ending: Ending): Promise<Piece>;
}

/** A provider that follows the endings of the other service for as long as this one runs. */
export const followEndingsOf = (
  source: keyof typeof contracts,
  afterEnding: abstract new (...args: never[]) => AfterEnding,
) => ({
  provide: Symbol(`endings of ${source}`),
  inject: [Database, EventBus, GrpcClients, afterEnding],
  useFactory: (database: Database, bus: EventBus, clients: GrpcClients, after: AfterEnding) =>
    new EndingsFollower(database, bus, {
      source,
      apply: (ending) => after.apply(ending),
      fetch: async (position, limit) => {
        const asked = { after: position, pageSize: limit };
        const { endings } = await clients
          .to(source, contracts[source])
          .listEndings(asked, { as: 'service', deadlineMs: 1_000 });
        return endings.map(toEnding);
      },
    }),
});

/** The same for a service's own endings: what is too much for the transaction that ends something. */
export const followOwnEndings = (service: string, afterEnding: abstract new (...args: never[]) => AfterEnding) => ({
  provide: Symbol('own endings'),
  inject: [Database, EventBus, EndingsLog, afterEnding],
  useFactory: (database: Database, bus: EventBus, log: EndingsLog, after: AfterEnding) =>
    new EndingsFollower(database, bus, {
      source: service,
      apply: (ending) => after.apply(ending),
      fetch: (position, limit) => log.after(position, limit),
    }),
});

const toEnding = ({ position, kind, subjectId, tenantId, endTime }: EndingMessage): Ending => ({
  position,
  kind,
  subjectId,
  tenantId,
  endedAt: endTime ?? new Date(0),
});

const mostAtOnce = 100;

/** Answers `ListEndings` of any service. */
export async function endingsAfter(
  log: EndingsLog,
  { after, pageSize }: ListEndingsRequest,
): Promise<ListEndingsResponse> {
  const endings = await log.after(after, pageSize < 1 || pageSize > mostAtOnce ? mostAtOnce : pageSize);
  return {
    endings: endings.map(({ endedAt, ...ending }) => ({ ...ending, endTime: endedAt })),
  };
}
