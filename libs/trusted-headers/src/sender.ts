import type { Identity } from './identity.js';

/**
 * Who has sent a call, for what tells senders apart; empty where nobody is known. An API key is not its owner: it may not
 * have what the owner was answered.
 */
export function senderOf({ userId, userName, apiKeyId }: Identity): string {
  if (apiKeyId !== '') return `${userId}/${apiKeyId}`;
  return userId === '' && userName !== '' ? `service:${userName}` : userId;
}
