export { refuseBeyond, TenantQuotas } from './tenant-quotas.js';
