import { Refusal } from './refusal.js';

/** RFC 9470 §3: the proof is too old or too weak, and what would be enough. `maxAge` in seconds. */
export function stepUpRequired(methods: readonly string[], maxAge: number): Refusal {
  const acr = methods.includes('password') ? '' : ', acr_values="mfa"';
  const challenge = `Bearer error="insufficient_user_authentication", error_description="A more recent or stronger proof is needed", max_age="${maxAge}"${acr}`;
  return new Refusal('AUTH_STEP_UP_REQUIRED', {
    headers: { 'www-authenticate': challenge },
    members: { stepUp: { methods, maxAge } },
  });
}
