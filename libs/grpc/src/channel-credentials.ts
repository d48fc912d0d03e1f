import { ChannelCredentials, experimental } from '@grpc/grpc-js';

import type { OwnCertificate } from '@libs/mutual-tls';

/** How a channel shows who it is: each connection with the certificate that is good when it is opened. */
export function channelCredentials(own: OwnCertificate | undefined): ChannelCredentials {
  if (own === undefined) return ChannelCredentials.createInsecure();
  const provider = providerOf(own);
  return experimental.createCertificateProviderChannelCredentials(provider, provider);
}

/** grpc-js asks for a certificate that may change in this form, and stops listening when its channel is closed. */
function providerOf(own: OwnCertificate): experimental.CertificateProvider {
  const stops = new Map<object, () => void>();
  const follow = (listener: object, tell: () => void): void => {
    stops.set(listener, own.onRenewal(tell));
    process.nextTick(tell);
  };
  const unfollow = (listener: object): void => {
    stops.get(listener)?.();
    stops.delete(listener);
  };
  return {
    addCaCertificateListener: (listener) => follow(listener, () => listener({ caCertificate: own.current.ca })),
    addIdentityCertificateListener: (listener) =>
      follow(listener, () => listener({ certificate: own.current.cert, privateKey: own.current.key })),
    removeCaCertificateListener: unfollow,
    removeIdentityCertificateListener: unfollow,
  };
}
