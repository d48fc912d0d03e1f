export { Access, type AccessRule, accessRulesOf } from './access.js';
export { activeSpan } from './active-span.js';
export { checkAccess } from './check-access.js';
export { CurrentIdentity } from './current-identity.js';
export { aliasOf, isReservedHeader, reservedHeaders, sealedHeaders, type SealedHeader } from './header-names.js';
export { anonymous, type AuthMethod, type Identity, serviceIdentity } from './identity.js';
export { incomingContext, newContext } from './new-context.js';
export { type IncomingHeaders, type OpenedSeal, type OpenInput, openSeal } from './open-seal.js';
export {
  builtInPermissions,
  type BuiltInRole,
  builtInRoles,
  covers,
  isBuiltInRole,
  narrowed,
  ownRole,
  permits,
  roleAllows,
} from './permissions.js';
export { isPerson } from './person.js';
export { isProbe } from './probes.js';
export {
  completeContext,
  currentContext,
  currentContextOrNone,
  type RequestContext,
  runInContext,
  runOutsideContext,
} from './request-context.js';
export { type SealInput, sealIdentity } from './seal-identity.js';
export { senderOf } from './sender.js';
export { deriveSealKey } from './seal-key.js';
export { metadataHeaders } from './sealed-call.js';
export { TrustedHeadersGuard } from './trusted-headers.guard.js';
export { TrustedHeadersModule } from './trusted-headers.module.js';
export type { TrustedHeadersOptions } from './trusted-headers.options.js';
