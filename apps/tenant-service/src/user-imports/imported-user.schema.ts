import { z } from 'zod';

import { restored } from '../user-exports/formula-cells.js';

/** The columns of an import; the first two must be there. An export has more, which an import passes over. */
export const importColumns = ['username', 'email', 'display_name', 'platform_roles', 'password_hash'] as const;

const cell = z.string().transform(restored);
const optionalCell = cell.optional().transform((text) => (text === '' ? undefined : text));

/** One line of an import, as the fields of a new user. */
export const ImportedLine = z
  .object({
    username: cell,
    email: cell,
    display_name: optionalCell,
    platform_roles: optionalCell,
    password_hash: optionalCell,
  })
  .transform(({ username, email, display_name, platform_roles, password_hash }) => ({
    passwordHash: password_hash,
    user: { username, email, displayName: display_name, platformRoles: platform_roles?.split(/[\s;]+/) },
  }));
