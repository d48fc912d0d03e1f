import type { Account } from '../accounts/account-directory.js';
import { toTenantAnswer, toUserAnswer } from '../accounts/account.schema.js';
import type { TokensAnswer } from './tokens.schema.js';
import type { AccessToken } from './token-issuer.js';

export const tokensAnswer = (token: AccessToken, refreshToken: string, { user, tenant }: Account): TokensAnswer => ({
  accessToken: token.accessToken,
  tokenType: 'Bearer',
  expiresIn: token.expiresIn,
  refreshToken,
  user: toUserAnswer(user),
  tenant: tenant === undefined ? null : toTenantAnswer(tenant),
});
