import { Gauge, type Registry } from 'prom-client';

import { certificatesInUse, type UsedCertificate } from '@libs/mutual-tls';

const dayMs = 86_400_000;

/** How long the certificates that this process uses are good for: an authority that is away is noticed here first. */
export function watchCertificates(register: Registry): void {
  const gauge = (name: string, help: string, read: (used: UsedCertificate) => number): void =>
    register.registerMetric(
      new Gauge({
        name,
        help,
        labelNames: ['file'],
        registers: [],
        collect() {
          this.reset();
          for (const used of certificatesInUse()) this.set({ file: used.file }, read(used) / dayMs);
        },
      }),
    );
  gauge('certificate_days_left', 'Days until a certificate that this process uses expires', (used) => {
    return used.validUntil - Date.now();
  });
  gauge('certificate_lifetime_days', 'Days that this certificate is good for in all', (used) => {
    return used.validUntil - used.validFrom;
  });
}
