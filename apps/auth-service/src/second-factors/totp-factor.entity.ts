import { Entity } from 'typeorm';

import { IdColumn, IntegerColumn, TextColumn, TimeColumn } from '@libs/persistence';

/** The authenticator app of a user: one each, so the id is the user's own. */
@Entity('totp_factors')
export class TotpFactor {
  @IdColumn()
  id!: string;

  @TextColumn(255)
  sealedSecret!: string;

  /** When the user has shown a first code of it; until then it counts for nothing. */
  @TimeColumn({ nullable: true })
  confirmedAt!: Date | null;

  /** The time step of the last code that was accepted: no code of it, or of one before, is accepted again. */
  @IntegerColumn()
  lastStep!: number;

  @TimeColumn()
  createdAt!: Date;
}
