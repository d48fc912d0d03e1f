import { Entity } from 'typeorm';

import { BooleanColumn, IdColumn, TextColumn, TimeColumn } from '@libs/persistence';

/** The last address at which a user has read a letter: one each, so the id is the user's own. */
@Entity('verified_emails')
export class VerifiedEmail {
  @IdColumn()
  id!: string;

  @TextColumn(254)
  email!: string;

  @TimeColumn()
  verifiedAt!: Date;

  /** When tenant-service was told; null until it is. */
  @TimeColumn({ nullable: true })
  announcedAt!: Date | null;

  /** Whether the user had confirmed none before. Absent in old rows, which are no news. */
  @BooleanColumn({ nullable: true })
  isFirst!: boolean | null;
}
