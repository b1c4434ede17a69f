/**
 * Which media type a client would rather have (RFC 9110, section 12.5.1). A client that accepts none gets the first: a
 * probe must be answered.
 *
 * @param accept - the header
 * @param offered - media types, the one to be taken where the client does not care first
 * @returns an index into `offered`
 */
export function preferred(accept: string | undefined, offered: readonly string[]): number {
  if (accept === undefined || accept === '*/*') return 0;
  const ranges = accept.split(',').map(parseRange);
  const qualities = offered.map((each) => qualityOf(each, ranges));
  const best = Math.max(...qualities);
  return best > 0 ? qualities.indexOf(best) : 0;
}

interface Range {
  readonly type: string;
  readonly quality: number;
}

function parseRange(text: string): Range {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const weight = parameters.find((parameter) => parameter.startsWith('q='));
  const quality = weight === undefined ? 1 : Number(weight.slice(2));
  return { type, quality: quality >= 0 && quality <= 1 ? quality : 0 };
}

/** The quality that the most specific of the ranges gives to a media type. */
function qualityOf(mediaType: string, ranges: readonly Range[]): number {
  const [major = ''] = mediaType.split('/');
  for (const pattern of [mediaType, `${major}/*`, '*/*']) {
    const range = ranges.find(({ type }) => type === pattern);
    if (range !== undefined) return range.quality;
  }
  return 0;
}
