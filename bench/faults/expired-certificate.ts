import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { ownDist } from '../subjects/gateway.js';
import type { Fault } from './fault.js';

const whose = 'ecs-service';
/** A process looks at its files, and the gateway at its instances, every few seconds. */
const noticedMs = 15_000;

/** Issues what is missing in a folder of certificates. */
export function issueCertificates(folder: string, minutes: number): void {
  const tool = join(ownDist, 'tools/issue-certificates.js');
  execFileSync(process.execPath, [tool, folder, '--once', '--lifetime-minutes', String(minutes)]);
}

/** Of one service. The others have theirs. */
export const expiredCertificate: Fault = {
  name: `the expired certificate of ${whose}`,
  async begin({ certificates }) {
    const replace = (minutes: number): void => {
      rmSync(join(certificates, whose, 'tls.crt'), { force: true });
      issueCertificates(certificates, minutes);
    };
    replace(0.01);
    await wait(noticedMs);
    return () => {
      replace(60);
      return Promise.resolve(undefined);
    };
  },
};
