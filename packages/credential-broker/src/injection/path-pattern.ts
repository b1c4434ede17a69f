/** What a segment may hold as it is or as an escape, which are not the same to every server (RFC 3986, section 2.2). */
const RESERVED = /[!$&'()*+,:=@]/g;
/** What some servers read as an end of the segment, or take apart once more. */
const AMBIGUOUS = /[/\\;%\p{Cc}]/u;
/** The folder itself or the one above, also to servers that drop blanks and dots at the end of a name. */
const DOTS = /^[.\s]+$/;

const escaped = (character: string) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;

/** Whether there is only one way to read a segment, and it is spelled in the usual one: in UTF-8, with escapes in capitals. */
function isNormalSegment(segment: string): boolean {
  try {
    const text = decodeURIComponent(segment);
    const usual = encodeURIComponent(text).replaceAll(RESERVED, escaped);
    return usual === segment.replaceAll(RESERVED, escaped) && !AMBIGUOUS.test(text) && !DOTS.test(text);
  } catch {
    return false;
  }
}

/** Whether a path is in the one form in which it is held against patterns: no segment but the last is empty. */
export function isNormalPath(path: string): boolean {
  const [root, ...segments] = path.split('/');
  const last = segments.pop();
  return (
    root === '' &&
    last !== undefined &&
    (last === '' || isNormalSegment(last)) &&
    segments.every((segment) => segment !== '' && isNormalSegment(segment))
  );
}

/** Whether a text is a pattern: a path in normal form of whose segments some are `*`, and the last may be `**`. */
export function isPathPattern(value: unknown): value is string {
  if (typeof value !== 'string' || value.length > 1_024 || !isNormalPath(value)) return false;
  const segments = value.split('/');
  if (segments.at(-1) === '**') segments.pop();
  return segments.every((segment) => segment === '*' || !segment.includes('*'));
}

/** Whether a path fits a pattern: `*` is one segment that is not empty, and `**` all that is left, also if nothing is. */
export function fitsPath(pattern: string, path: string): boolean {
  const wanted = pattern.split('/');
  const segments = path.split('/');
  if (wanted.at(-1) === '**') {
    wanted.pop();
    if (segments.length <= wanted.length) return false;
    segments.length = wanted.length;
  }
  return (
    wanted.length === segments.length &&
    wanted.every((segment, at) => (segment === '*' ? segments[at] !== '' : segment === segments[at]))
  );
}
