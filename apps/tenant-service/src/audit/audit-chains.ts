import { Injectable } from '@nestjs/common';
import { type EntityManager, In } from 'typeorm';

import { type AuditEvent, AuditTrail, chained, chainStart } from '@libs/audit';
import { Database, isUniqueViolation } from '@libs/persistence';

import { AuditChain } from './audit-chain.entity.js';
import { AuditEntry } from './audit-entry.entity.js';
import { ChainSeal } from './chain-seal.js';

/**
 * Appends events to the chains of their tenants. The rows of the chains' ends are taken first, always in the same order,
 * so that of several processes one at a time extends a chain and none waits for another in a circle.
 */
@Injectable()
export class AuditChains extends AuditTrail {
  constructor(
    private readonly database: Database,
    private readonly seal: ChainSeal,
  ) {
    super();
  }

  override async append(events: readonly AuditEvent[]): Promise<void> {
    if (events.length === 0) return;
    const tenantIds = [...new Set(events.map(({ tenantId }) => tenantId))].toSorted();
    for (const tenantId of tenantIds) await this.begin(tenantId);
    await this.database.transaction(async (manager) => {
      for (const tenantId of tenantIds) await manager.increment(AuditChain, { tenantId }, 'takes', 1);
      const fresh = await withoutKnown(manager, events);
      for (const tenantId of tenantIds) {
        await this.extend(
          manager,
          tenantId,
          fresh.filter((event) => event.tenantId === tenantId),
        );
      }
    });
  }

  private async begin(tenantId: string): Promise<void> {
    if (await this.database.manager.existsBy(AuditChain, { tenantId })) return;
    const start = { tenantId, sequence: 0, hash: chainStart };
    const chain = { ...start, seal: this.seal.seal(start), takes: 0 };
    try {
      await this.database.transaction((manager) => manager.insert(AuditChain, chain));
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
    }
  }

  private async extend(manager: EntityManager, tenantId: string, events: readonly AuditEvent[]): Promise<void> {
    if (events.length === 0) return;
    let { sequence, hash } = await manager.findOneByOrFail(AuditChain, { tenantId });
    const entries = events.map((event) => {
      const record = chained(event, sequence + 1, hash);
      ({ sequence, hash } = record);
      return { ...record, time: new Date(record.time) };
    });
    await manager.createQueryBuilder().insert().into(AuditEntry).values(entries).updateEntity(false).execute();
    const end = { tenantId, sequence, hash };
    await manager.update(AuditChain, { tenantId }, { ...end, seal: this.seal.seal(end) });
  }
}

/** Also without what came twice in the same batch. */
async function withoutKnown(manager: EntityManager, events: readonly AuditEvent[]): Promise<AuditEvent[]> {
  const byId = new Map(events.map((event) => [event.id, event]));
  const known = await manager.find(AuditEntry, { where: { id: In([...byId.keys()]) }, select: { id: true } });
  for (const { id } of known) byId.delete(id);
  return [...byId.values()];
}
