export interface TrustedHeadersOptions {
  /** The name of this service: seals made for another one do not open here. */
  readonly audience: string;
  /** The master key that all services share. */
  readonly sealKey: Buffer;
}

export const trustedHeadersOptions = Symbol('TrustedHeadersOptions');
