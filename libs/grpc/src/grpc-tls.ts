import { ChannelCredentials, ServerCredentials } from '@grpc/grpc-js';

/** Mutual TLS, all PEM: `ca` signs the certificates of both sides. */
export interface GrpcTls {
  readonly ca: Buffer;
  readonly certificate: Buffer;
  readonly privateKey: Buffer;
}

export const serverCredentials = (tls: GrpcTls | undefined): ServerCredentials =>
  tls === undefined
    ? ServerCredentials.createInsecure()
    : ServerCredentials.createSsl(tls.ca, [{ cert_chain: tls.certificate, private_key: tls.privateKey }], true);

export const channelCredentials = (tls: GrpcTls | undefined): ChannelCredentials =>
  tls === undefined
    ? ChannelCredentials.createInsecure()
    : ChannelCredentials.createSsl(tls.ca, tls.privateKey, tls.certificate);
