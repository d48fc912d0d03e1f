import type { AfterQueryEvent, EntitySubscriberInterface, QueryRunner } from 'typeorm';

/**
 * Throws away a connection whose query has timed out: the driver gives up on the query and keeps the connection, and
 * everything that is sent on it later would wait behind that query.
 */
export class HungConnections implements EntitySubscriberInterface {
  constructor(private readonly discard: (runner: QueryRunner) => Promise<void>) {}

  async afterQuery({ error, queryRunner }: AfterQueryEvent): Promise<void> {
    if ((error as { code?: unknown } | undefined)?.code === 'PROTOCOL_SEQUENCE_TIMEOUT')
      await this.discard(queryRunner);
  }
}
