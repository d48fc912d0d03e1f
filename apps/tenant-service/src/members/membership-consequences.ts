import { Injectable } from '@nestjs/common';

import { Audit } from '@libs/audit';
import { EndingsLog } from '@libs/deletion-log';
import { Outbox } from '@libs/persistence';

import { InvitationEnds } from '../open-invitations/invitation-ends.js';
import { DefaultTenants } from './default-tenants.js';

export interface MemberPlace {
  readonly tenantId: string;
  readonly userId: string;
}

/** What follows from a change of a membership, in its transaction: here, in other services, at the gateways, in the trail. */
@Injectable()
export class MembershipConsequences {
  constructor(
    private readonly outbox: Outbox,
    private readonly defaults: DefaultTenants,
    private readonly endings: EndingsLog,
    private readonly audit: Audit,
    private readonly invitations: InvitationEnds,
  ) {}

  async ofAdded(place: MemberPlace, role: string): Promise<void> {
    await this.defaults.joined(place.userId, place.tenantId);
    await this.announce(place);
    await this.record('added', place, role);
  }

  async ofChanged(place: MemberPlace, role: string): Promise<void> {
    await this.invitations.endThoseWithoutRight(place.tenantId, place.userId);
    await this.announce(place);
    await this.record('changed', place, role);
  }

  async ofRemoved(place: MemberPlace, role: string): Promise<void> {
    const { tenantId, userId } = place;
    await this.defaults.left(userId, tenantId);
    await this.invitations.endThoseWithoutRight(tenantId, userId);
    await this.announce(place);
    await this.endings.add({ kind: 'membership', subjectId: userId, tenantId });
    await this.record('removed', place, role);
  }

  private record(what: 'added' | 'changed' | 'removed', { tenantId, userId }: MemberPlace, role: string) {
    return this.audit.record({ action: `member.${what}`, target: userId, tenantId, details: { role } });
  }

  private announce({ tenantId, userId }: MemberPlace): Promise<void> {
    return this.outbox.add('membership.changed', userId, { userId, tenantId });
  }
}
