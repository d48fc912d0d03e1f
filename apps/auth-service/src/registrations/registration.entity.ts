import { Entity } from 'typeorm';

import { IdColumn, IntegerColumn, JsonColumn, ReferenceColumn, TextColumn, TimeColumn } from '@libs/persistence';

/**
 * An account that is being opened in two services. `pending` rows are finished by a retry or by the sweeper.
 * `finished` ones were, by the sweeper: whoever asked has not been told yet, and is when they ask again.
 */
@Entity('registrations')
export class Registration {
  static readonly alsoFoundBy = {
    id: 'its tenant is only being made',
    userId: 'with the user it goes',
    username: 'who tries again is known by the name',
    'nextAttemptAt <= ?': 'the sweeper finishes what is due',
    'createdAt < ?': 'what is finished is forgotten after a time',
  };

  @IdColumn()
  id!: string;

  @ReferenceColumn()
  userId!: string;

  @ReferenceColumn()
  tenantId!: string;

  @TextColumn(50)
  username!: string;

  @TextColumn(254)
  email!: string;

  @TextColumn(100)
  displayName!: string;

  @TextColumn(100)
  tenantName!: string;

  @JsonColumn()
  platformRoles!: string[];

  /** Empty once it has moved to the credentials. */
  @TextColumn(255)
  passwordHash!: string;

  @TextColumn(10)
  state!: 'pending' | 'finished';

  @IntegerColumn()
  attempts!: number;

  /** When the sweeper looks at it next. */
  @TimeColumn()
  nextAttemptAt!: Date;

  @TimeColumn()
  createdAt!: Date;
}
