import { newId } from '@libs/persistence';
import { currentContextOrNone, newContext, serviceIdentity } from '@libs/trusted-headers';

import type { AuditDetail, AuditDetails, AuditedAct, AuditEvent, RefusedAct } from './audit-event.js';

const longestText = 200;
const longestReason = 64;
const longestTarget = 128;
const longestAddress = 45;
const wellFormedAction = /^(?=.{3,64}$)[a-z][a-z0-9-]*\.[a-z][a-z0-9-]*$/;
const secretName = /password|passphrase|secret|token|hash|otp|recovery/i;
/** What keys and tokens of Gatehouse look like, wherever they are hidden. */
const secretValue = /gth_live_\w{20,}|gtr_[\w-]{20,}|eyJ[\w-]{10,}\.[\w-]+/g;

/** Completes an act with who is calling, from where, and now. Without a request, the service acts for itself. */
export function describeAct(service: string, act: AuditedAct | RefusedAct): AuditEvent {
  if (!wellFormedAction.test(act.action)) throw new Error(`${act.action} is no action: write noun.happened.`);
  const { identity, clientAddress, requestId, traceId } = currentContextOrNone() ?? {
    ...newContext(),
    identity: serviceIdentity(service),
  };
  const reason = 'reason' in act ? act.reason.slice(0, longestReason) : '';
  return {
    id: newId(),
    tenantId: act.tenantId ?? identity.tenantId,
    time: new Date().toISOString(),
    service,
    action: act.action,
    target: safeText(act.target).slice(0, longestTarget),
    outcome: 'reason' in act ? 'refused' : 'done',
    reason,
    actorId: act.actorId ?? (identity.authMethod === 'service' ? identity.userName : identity.userId),
    actorMethod: identity.authMethod,
    sessionId: act.sessionId ?? identity.sessionId,
    apiKeyId: identity.apiKeyId,
    clientAddress: (act.clientAddress ?? clientAddress ?? '').slice(0, longestAddress),
    requestId,
    traceId,
    details: safeDetails(act.details ?? {}),
  };
}

function safeDetails(details: AuditDetails): AuditDetails {
  const named = Object.keys(details).find((name) => secretName.test(name));
  if (named !== undefined) throw new Error(`${named} is the name of a secret: the audit trail holds none.`);
  return Object.fromEntries(Object.entries(details).map(([name, value]) => [name, safeDetail(value)]));
}

const safeDetail = (value: AuditDetail): AuditDetail => {
  if (typeof value === 'string') return safeText(value);
  return typeof value === 'object' ? value.map(safeText) : value;
};

const safeText = (text: string): string =>
  text.replaceAll(secretValue, '[secret]').replaceAll('\0', '').slice(0, longestText).toWellFormed();
