import { Injectable } from '@nestjs/common';

import { AfterEnding, type Ending } from '@libs/deletion-log';
import type { Piece } from '@libs/persistence';

import { TenantBelongings } from './tenant-belongings.js';

/** Takes away what was too much for the transaction that deleted a tenant. */
@Injectable()
export class AfterOwnEnding extends AfterEnding {
  constructor(private readonly belongings: TenantBelongings) {
    super();
  }

  override async apply({ kind, subjectId }: Ending): Promise<Piece> {
    return kind === 'tenant' ? this.belongings.removeSome(subjectId) : 'done';
  }
}
