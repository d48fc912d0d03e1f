export { admitOnly, admitUnlessForeign, closedServer, identityOn, openServer } from './admission.js';
export { callers, identities, operators } from './callers.js';
export { OwnCertificate } from './own-certificate.js';
export { ownCertificateIn, type TlsSettings } from './own-certificate-in.js';
export { identityUri } from './service-identity.js';
export {
  certificatesInUse,
  ownCertificatesAreGood,
  shownCertificate,
  trustedAuthorities,
  type UsedCertificate,
  useCertificates,
} from './used-certificates.js';
