import { z } from 'zod';

const usages = ['digital signature', 'server auth', 'client auth'] as const;
const reference = z.strictObject({ name: z.string(), kind: z.enum(['Issuer', 'ClusterIssuer']).optional() });
const hours = z.string().regex(/^\d+h$/);

/** The part of cert-manager.io/v1 that we use, as strict as its own schemas: what is not listed is a mistake. */
export const certManager = {
  Issuer: z.union([
    z.strictObject({ selfSigned: z.strictObject({}) }),
    z.strictObject({ ca: z.strictObject({ secretName: z.string() }) }),
  ]),
  Certificate: z.strictObject({
    secretName: z.string(),
    commonName: z.string().max(64),
    isCA: z.boolean().optional(),
    dnsNames: z.array(z.string()).optional(),
    uris: z.array(z.url()).optional(),
    usages: z.array(z.enum(usages)).optional(),
    duration: hours,
    renewBefore: hours,
    privateKey: z.strictObject({
      algorithm: z.enum(['RSA', 'ECDSA', 'Ed25519']),
      size: z.union([z.literal(256), z.literal(384), z.literal(521)]),
      rotationPolicy: z.enum(['Never', 'Always']),
    }),
    issuerRef: reference,
  }),
} as const;
