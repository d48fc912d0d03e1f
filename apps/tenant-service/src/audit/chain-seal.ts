import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

import { canonicalJson } from '@libs/persistence';

import type { AuditChain } from './audit-chain.entity.js';

type ChainEnd = Pick<AuditChain, 'tenantId' | 'sequence' | 'hash'>;

/** Seals the end of a chain, so that a chain which was written anew, hashes and all, is told from the real one. */
export class ChainSeal {
  private readonly key: Buffer;

  constructor(encryptionKey: Buffer) {
    this.key = Buffer.from(hkdfSync('sha256', encryptionKey, '', 'gatehouse/audit-chain/v1', 32));
  }

  seal({ tenantId, sequence, hash }: ChainEnd): string {
    return createHmac('sha256', this.key).update(canonicalJson({ tenantId, sequence, hash })).digest('base64url');
  }

  fits(end: ChainEnd & Pick<AuditChain, 'seal'>): boolean {
    const [expected, found] = [Buffer.from(this.seal(end)), Buffer.from(end.seal)];
    return expected.length === found.length && timingSafeEqual(expected, found);
  }
}
