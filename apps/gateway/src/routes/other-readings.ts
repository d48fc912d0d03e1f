/** Escapes of what may stand in a normalised path as it is, and of the percent sign; blanks and braces stay encoded. */
const readable = /%(?:2[1-9A-F]|3[0-9ABD]|3F|4[0-9A-F]|5[0-9ACF]|6[1-9A-F]|7[0-9AE])/g;
const readableButSlash = /%(?:2[1-9A-E]|3[0-9ABD]|3F|4[0-9A-F]|5[0-9ACF]|6[1-9A-F]|7[0-9AE])/g;

const hasOther = /[;%]/;

/**
 * The paths that other servers may see in a normalised one: those that take path parameters away (`;a=b`), and those
 * that decode what somebody before them has decoded already. Each in the form in which the route table has paths;
 * nothing for most. Where a route keeps encoded slashes, its service is trusted to keep them.
 */
export function otherReadings(path: string, keepsEncodedSlashes: boolean): readonly string[] {
  if (!hasOther.test(path)) return [];
  const decoded = decodedOnceMore(path, keepsEncodedSlashes);
  const readings = [withoutParameters(path), decoded, withoutParameters(decoded)].map(withoutDotSegments);
  return [...new Set(readings)].filter((reading) => reading !== path);
}

/** Twice: the gateway has left in their escapes what means something else without them. */
function decodedOnceMore(path: string, keepsEncodedSlashes: boolean): string {
  const pattern = keepsEncodedSlashes ? readableButSlash : readable;
  const decode = (text: string): string =>
    text.replaceAll(pattern, (code) => String.fromCharCode(Number.parseInt(code.slice(1), 16)));
  return decode(upperCaseEscapes(decode(path)));
}

/** What was encoded twice may be written in small letters inside. */
const upperCaseEscapes = (text: string): string => text.replaceAll(/%[0-9a-fA-F]{2}/g, (code) => code.toUpperCase());

const withoutParameters = (path: string): string =>
  path
    .split('/')
    .map((segment) => segment.split(/;|%3B/, 1)[0])
    .join('/');

/** As servers do it: empty segments count for nothing, and the root has nothing above it. A backslash is a slash. */
function withoutDotSegments(path: string): string {
  const kept: string[] = [];
  const segments = path.replaceAll('\\', '/').split('/').slice(1);
  segments.forEach((segment, index) => {
    if (segment === '..') kept.pop();
    const isKept = segment !== '' && segment !== '.' && segment !== '..';
    if (isKept) kept.push(segment);
    else if (index === segments.length - 1) kept.push('');
  });
  return `/${kept.join('/')}`;
}
