import { Entity } from 'typeorm';

import {
  BooleanColumn,
  IdColumn,
  IntegerColumn,
  JsonColumn,
  LongTextColumn,
  ReferenceColumn,
  TextColumn,
  TimeColumn,
} from '@libs/persistence';

/** A public key whose private half is in an authenticator of the user (WebAuthn). */
@Entity('passkeys')
export class Passkey {
  @IdColumn()
  id!: string;

  @ReferenceColumn()
  userId!: string;

  @TextColumn(100)
  name!: string;

  /** By this it is found: the id that the authenticator chose may be longer than an index can hold. */
  @TextColumn(43)
  credentialHash!: string;

  @LongTextColumn()
  credentialId!: string;

  /** COSE, in base64url. */
  @LongTextColumn()
  publicKey!: string;

  /** How often the authenticator says it was used; one that goes back was copied. Synchronised passkeys stay at 0. */
  @IntegerColumn()
  counter!: number;

  @JsonColumn()
  transports!: string[];

  /** Whether it may leave the authenticator that made it. */
  @BooleanColumn()
  isSynchronised!: boolean;

  @TimeColumn()
  createdAt!: Date;

  @TimeColumn({ nullable: true })
  lastUsedAt!: Date | null;
}
