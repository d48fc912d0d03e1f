import { z } from 'zod';

import { CreateUser } from '../users/user.schema.js';

/** The columns of an import; the first two must be there. An export has more, which an import passes over. */
export const importColumns = ['username', 'email', 'display_name', 'platform_roles', 'password_hash'] as const;

/** Spreadsheets run what begins with one of these as a formula. */
const formula = /^[=+\-@\t\r]/;

/** What `neutralised` put in front goes again, so that an export can be imported. */
const restored = (cell: string): string => (cell.startsWith("'") && formula.test(cell.slice(1)) ? cell.slice(1) : cell);

/** Text as a cell: with an apostrophe where a spreadsheet would take it for a formula (CWE-1236). */
export const neutralised = (cell: string): string => (formula.test(cell) ? `'${cell}` : cell);

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

export const ImportedUser = CreateUser;
