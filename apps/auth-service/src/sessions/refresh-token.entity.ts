import { Entity } from 'typeorm';

import { IdColumn, ReferenceColumn, TextColumn, TimeColumn } from '@libs/persistence';

/** One link in the chain of a session's refresh tokens. Used ones stay, so that one that comes back is recognised. */
@Entity('refresh_tokens')
export class RefreshToken {
  @IdColumn()
  id!: string;

  @ReferenceColumn()
  sessionId!: string;

  @TextColumn(43)
  tokenHash!: string;

  @TimeColumn()
  createdAt!: Date;

  @TimeColumn({ nullable: true })
  usedAt!: Date | null;

  /** Random, set together with `usedAt`: of use only to who has the token itself and the key of this service. */
  @TextColumn(43, { nullable: true })
  successorSeed!: string | null;
}
