import { membersOf } from './list-field.js';

const key = /^(?:[a-z][a-z0-9_*/-]{0,255}|[a-z0-9][a-z0-9_*/-]{0,240}@[a-z][a-z0-9_*/-]{0,13})$/;
const value = /^[ -+\--<>-~]{0,255}[!-+\--<>-~]$/;

const maxMembers = 32;
/** What everybody passes on at least. What is more may be shortened, and somebody else would. */
const enough = 512;
/** Longer ones go first. */
const longMember = 128;

/**
 * A tracestate as W3C Trace Context §3.3 has it; empty if it is none: half understood, it would be worse than not there.
 * A trace goes on without it.
 */
export function checkedTracestate(tracestate: string): string {
  const members = membersOf(tracestate);
  if (members.length > maxMembers) return '';
  const seen = new Set<string>();
  for (const member of members) {
    const sign = member.indexOf('=');
    const name = member.slice(0, sign);
    if (sign === -1 || !key.test(name) || !value.test(member.slice(sign + 1)) || seen.has(name)) return '';
    seen.add(name);
  }
  return shortened(members);
}

/** Only whole members are left out (§3.3.1.5). */
function shortened(members: readonly string[]): string {
  let text = members.join(',');
  const kept = [...members];
  for (let index = kept.length - 1; index >= 0 && text.length > enough; index--) {
    if ((kept[index] ?? '').length <= longMember) continue;
    kept.splice(index, 1);
    text = kept.join(',');
  }
  while (text.length > enough) {
    kept.pop();
    text = kept.join(',');
  }
  return text;
}
