import { Entity } from 'typeorm';

import { IdColumn, IntegerColumn, JsonColumn, LongTextColumn, TextColumn, TimeColumn } from '@libs/persistence';

import type { PublicJwk } from './public-jwk.js';
import type { SigningAlgorithm } from './signing-algorithm.js';

@Entity('signing_keys')
export class SigningKey {
  /** The `kid` of the tokens that it signs. */
  @IdColumn()
  id!: string;

  /** Counts up and is unique: of two processes that make a key at the same moment, one loses and takes the other's. */
  @IntegerColumn()
  generation!: number;

  @TextColumn(10)
  algorithm!: SigningAlgorithm;

  @JsonColumn()
  publicJwk!: PublicJwk;

  @LongTextColumn()
  sealedPrivateKey!: string;

  @TimeColumn()
  createdAt!: Date;

  /** Published from the start, it signs from here on: verifiers have met it by then. */
  @TimeColumn()
  signsFrom!: Date;

  /** When its last token is gone and it is no longer published; absent while it has no successor. */
  @TimeColumn({ nullable: true })
  publishedUntil!: Date | null;
}
