import { newContext, runInContext, serviceIdentity, type Identity } from '@libs/trusted-headers';

import type { Person } from './person.fixture.js';

/** One that calls with the platform's own key. */
export const tool = serviceIdentity('operator');

export const asAdmin = ({ identity }: Person): Identity => ({ ...identity, roles: ['owner', 'platform-admin'] });

/** `done`, or the code of the refusal that a call over gRPC ends with. */
export const outcomeAs = (as: Identity, call: () => Promise<unknown>): Promise<string> =>
  runInContext({ ...newContext(), identity: as }, () =>
    call().then(
      () => 'done',
      ({ code }: { code: string }) => code,
    ),
  );
