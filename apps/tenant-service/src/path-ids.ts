import { ApiParam } from '@nestjs/swagger';
import { z } from 'zod';

/** Ids are stored in lower case; a client may spell a UUID as it likes (RFC 9562 §4). */
export const Id = z.uuid().toLowerCase();

/** The ids in a path. They are validated together, so that a wrong one is named as a field is. */
export const IdPath = z.object({ id: Id });
export type IdPath = z.output<typeof IdPath>;

export const TenantIdField = z.object({ tenantId: Id });

export const MemberPath = z.object({ id: Id, userId: Id });
export type MemberPath = z.output<typeof MemberPath>;

export const InvitationPath = z.object({ id: Id, invitationId: Id });
export type InvitationPath = z.output<typeof InvitationPath>;

export const ApiId = (name: string): MethodDecorator => ApiParam({ name, schema: { type: 'string', format: 'uuid' } });
