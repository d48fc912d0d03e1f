/** The members of a field that is a list. Those that are empty do not count (RFC 9110 §5.6.1). */
export const membersOf = (field: string): string[] =>
  field
    .split(',')
    .map((member) => member.trim())
    .filter((member) => member !== '');

/** Whether a list has this member, in any case. `token` is in lower case. */
export function hasMember(field: string, token: string): boolean {
  const text = field.toLowerCase();
  return text === token || (text.includes(token) && membersOf(text).includes(token));
}
