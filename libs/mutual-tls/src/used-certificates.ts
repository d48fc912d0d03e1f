import { X509Certificate } from 'node:crypto';

/** A file of certificates that this process uses just now, whatever stands in it meanwhile. Times are of the epoch, in ms. */
export interface UsedCertificate {
  readonly file: string;
  readonly validFrom: number;
  readonly validUntil: number;
  /** It says who this process is: without it nobody talks to it. */
  readonly isOwn: boolean;
}

/** Whoever uses certificates keeps here what it has read last. */
export interface CertificateUse {
  certificates: readonly UsedCertificate[];
  /** Of who reads only when it is about to use them. */
  readonly lookAgain: (() => void) | undefined;
}

/** Weakly: a use ends with what used it, a service that a configuration has no more for instance, and nobody says so. */
const uses = new Set<WeakRef<CertificateUse>>();

export function useCertificates(lookAgain?: () => void): CertificateUse {
  const use: CertificateUse = { certificates: [], lookAgain };
  uses.add(new WeakRef(use));
  return use;
}

function* living(): Generator<CertificateUse> {
  for (const reference of uses) {
    const use = reference.deref();
    if (use === undefined) uses.delete(reference);
    else yield use;
  }
}

/** One of each file; of what was read at different times, the newest. */
export function certificatesInUse(): UsedCertificate[] {
  const found = new Map<string, UsedCertificate>();
  for (const use of living()) {
    use.lookAgain?.();
    for (const used of use.certificates) {
      const other = found.get(used.file);
      const isOwn = used.isOwn || other?.isOwn === true;
      found.set(used.file, { ...(other !== undefined && other.validFrom > used.validFrom ? other : used), isOwn });
    }
  }
  return [...found.values()];
}

/** Rejects when a certificate without which nobody talks to this process is over, or has not begun. */
export async function ownCertificatesAreGood(now: number = Date.now()): Promise<void> {
  const own = [...living()].flatMap(({ certificates }) => certificates).filter(({ isOwn }) => isOwn);
  for (const { file, validFrom, validUntil } of own) {
    if (now >= validUntil) throw new Error(`${file} has expired at ${new Date(validUntil).toISOString()}`);
    if (now < validFrom) throw new Error(`${file} is not good before ${new Date(validFrom).toISOString()}`);
  }
}

/** What is shown to others: good while each certificate of the chain is, and those of its authorities that we know. */
export function shownCertificate(file: string, pem: Buffer, authorities?: Buffer): UsedCertificate {
  const chain = certificatesIn(pem);
  const [leaf] = chain;
  // Several authorities may have the name of the issuer; the signature tells which it is.
  const issuers = certificatesIn(authorities).filter(
    (authority) => leaf?.checkIssued(authority) === true && leaf.verify(authority.publicKey),
  );
  return {
    file,
    validFrom: Math.max(...chain.map(validFrom)),
    validUntil: Math.min(...[...chain, ...issuers].map(validUntil)),
    isOwn: false,
  };
}

/** Those whose signatures are taken: good while any of them is, for the others are on their way in or out. */
export function trustedAuthorities(file: string, pem: Buffer): UsedCertificate {
  const authorities = certificatesIn(pem);
  return {
    file,
    validFrom: Math.min(...authorities.map(validFrom)),
    validUntil: Math.max(...authorities.map(validUntil)),
    isOwn: false,
  };
}

const validFrom = (certificate: X509Certificate): number => Date.parse(certificate.validFrom);
const validUntil = (certificate: X509Certificate): number => Date.parse(certificate.validTo);

const certificatesIn = (pem: Buffer | undefined): X509Certificate[] =>
  (
    pem?.toString().match(/-----BEGIN (?:TRUSTED )?CERTIFICATE-----[^]+?-----END (?:TRUSTED )?CERTIFICATE-----/g) ?? []
  ).map((text) => new X509Certificate(text));
