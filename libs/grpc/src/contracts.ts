// The contracts of proto/, without the helpers that every generated file repeats.
export {
  ApiKeyLimit,
  ApiKeyServiceService,
  ApiKeyStatus,
  ApiKeyUse,
  RecordApiKeyUsesRequest,
  RecordApiKeyUsesResponse,
  ResolveApiKeyRequest,
  ResolveApiKeyResponse,
} from './generated/gatehouse/auth/v1/api_key.js';
export {
  CredentialServiceService,
  DeleteCredentialsRequest,
  DeleteCredentialsResponse,
  ImportPasswordHashRequest,
  ImportPasswordHashResponse,
  SetPasswordRequest,
  SetPasswordResponse,
} from './generated/gatehouse/auth/v1/credential.js';
export {
  EndUserSessionsRequest,
  EndUserSessionsResponse,
  GetSessionRequest,
  GetSessionResponse,
  SessionServiceService,
  SessionStatus,
} from './generated/gatehouse/auth/v1/session.js';
export {
  ListSigningKeysRequest,
  ListSigningKeysResponse,
  RotateSigningKeysRequest,
  RotateSigningKeysResponse,
  SigningKeyServiceService,
  SigningKeyState,
} from './generated/gatehouse/auth/v1/signing_key.js';
export {
  CountInstancesRequest,
  CountInstancesResponse,
  CountInstancesResponse_StatusCount,
  GetInstanceRequest,
  GetInstanceResponse,
  Instance,
  InstanceServiceService,
  InstanceStatus,
} from './generated/gatehouse/ecs/v1/instance.js';
export {
  BatchCheckAccessRequest,
  BatchCheckAccessResponse,
  CheckAccessRequest,
  CheckAccessResponse,
  GetProjectRequest,
  GetProjectResponse,
  Project,
  ProjectAccess,
  ProjectServiceService,
  ProjectStatus,
} from './generated/gatehouse/project/v1/project.js';
export {
  ListEndingsRequest as ListProjectEndingsRequest,
  ListEndingsResponse as ListProjectEndingsResponse,
  ProjectEndingServiceService,
} from './generated/gatehouse/project/v1/ending.js';
export {
  Ending as EndingMessage,
  ListEndingsRequest,
  ListEndingsResponse,
  TenantEndingServiceService,
} from './generated/gatehouse/tenant/v1/ending.js';
export {
  AccountServiceService,
  GetAccountRequest,
  GetAccountResponse,
  OpenAccountRequest,
  OpenAccountResponse,
} from './generated/gatehouse/tenant/v1/account.js';
export {
  AppendAuditEventsRequest,
  AppendAuditEventsResponse,
  AuditEvent,
  AuditOutcome,
  AuditServiceService,
} from './generated/gatehouse/tenant/v1/audit.js';
export {
  CountMembersRequest,
  CountMembersResponse,
  DeleteTenantRequest,
  DeleteTenantResponse,
  GetTenantRequest,
  GetTenantResponse,
  SetTenantStatusRequest,
  SetTenantStatusResponse,
  Tenant,
  TenantServiceService,
  TenantStatus,
} from './generated/gatehouse/tenant/v1/tenant.js';
export {
  DeleteTenantConfigRequest,
  DeleteTenantConfigResponse,
  GetTenantConfigRequest,
  GetTenantConfigResponse,
  ListTenantConfigsRequest,
  ListTenantConfigsResponse,
  SetTenantConfigRequest,
  SetTenantConfigResponse,
  TenantConfig,
  TenantConfigServiceService,
} from './generated/gatehouse/tenant/v1/tenant_config.js';
export {
  ActivateUserRequest,
  ActivateUserResponse,
  CreateUserRequest,
  CreateUserResponse,
  DeleteUserRequest,
  DeleteUserResponse,
  FindUserByLoginRequest,
  FindUserByLoginResponse,
  GetUserRequest,
  GetUserResponse,
  ListUsersRequest,
  ListUsersResponse,
  LockUserRequest,
  LockUserResponse,
  PurgeUserRequest,
  PurgeUserResponse,
  RestoreUserRequest,
  RestoreUserResponse,
  SetUserStatusRequest,
  SetUserStatusResponse,
  SuspendUserRequest,
  SuspendUserResponse,
  UpdateUserRequest,
  UpdateUserResponse,
  User,
  UserServiceService,
  UserStatus,
} from './generated/gatehouse/tenant/v1/user.js';
