const maxDepth = 32;
const maxBytes = 65_536;

/**
 * Tells why a value cannot be kept as JSON, or nothing. The depth is measured without recursion, before anything
 * recursive touches the value: a megabyte of opening brackets would otherwise overflow the stack.
 */
export function whyNotJson(value: unknown): string | undefined {
  if (value === undefined) return 'A value is required';

  let level = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > maxDepth) return `Nest at most ${maxDepth} levels`;
    level = level.flatMap((item) => (typeof item === 'object' && item !== null ? Object.values(item) : []));
  }

  return Buffer.byteLength(JSON.stringify(value)) > maxBytes ? `Use at most ${maxBytes} bytes` : undefined;
}
