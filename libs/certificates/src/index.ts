export { type Authority, type Issued, issueCertificate, makeAuthority, readAuthority } from './authority.js';
export { planAuthorities, type RankedAuthorities } from './authority-plan.js';
