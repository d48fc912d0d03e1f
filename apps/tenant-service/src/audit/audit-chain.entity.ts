import { Entity, PrimaryColumn } from 'typeorm';

import { IntegerColumn, TextColumn } from '@libs/persistence';

/** The end of one tenant's chain: without it, nobody would notice that the last entries are missing. */
@Entity('audit_chains')
export class AuditChain {
  static readonly alsoFoundBy = {
    'tenantId IS NOT NULL': 'the verifier walks along all chains',
  };

  @PrimaryColumn({ type: 'varchar', length: 36 })
  tenantId!: string;

  @IntegerColumn()
  sequence!: number;

  /** Of the last entry. */
  @TextColumn(64)
  hash!: string;

  /** Made with a key of this service, over the above: who can write to the tables alone cannot make another end. */
  @TextColumn(64)
  seal!: string;

  /** Counted up by whoever takes the row for the length of a transaction. */
  @IntegerColumn()
  takes!: number;
}
