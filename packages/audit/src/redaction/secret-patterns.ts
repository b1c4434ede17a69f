/** What a secret of a well-known kind looks like, and the four characters that it cannot be without. */
interface Kind {
  readonly anchors: readonly string[];
  readonly pattern: RegExp;
}

const LETTERS = [...'abcdefghijklmnopqrstuvwxyz'];
const BASE64 = [...LETTERS, ...LETTERS.map((letter) => letter.toUpperCase()), ...'0123456789-_'];

const KINDS: readonly Kind[] = [
  {
    anchors: ['-----BEGIN'],
    pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]*(?:-----END [A-Z ]*PRIVATE KEY-----)?/,
  },
  {
    // JWS and JWE, compact: three or five parts, the first of which begins with {". Tried once for each run of digits,
    // and only where the dots are, or a text of nothing but beginnings would take the square of its length.
    anchors: BASE64.map((digit) => `eyJ${digit}`),
    pattern: /(?<![\w-])(?=[\w-]+\.[\w-]*\.)[\w-]*?\beyJ[\w-]{5,}\.[\w-]*\.[\w-]*(?:\.[\w-]*\.[\w-]*)?/,
  },
  {
    anchors: ['earer', 'EARER', 'asic ', 'ASIC ', 'DPoP'],
    pattern: /\b(?:[Bb]earer|BEARER|[Bb]asic|BASIC|DPoP) +(?=[\w.~+/-]*[A-Z0-9=])[\w.~+/=-]{8,}/,
  },
  { anchors: ['AKIA', 'ASIA'], pattern: /\bA(?:KIA|SIA)[0-9A-Z]{16}\b/ },
  {
    anchors: [
      'ghp_',
      'gho_',
      'ghu_',
      'ghs_',
      'ghr_',
      'github_pat_',
      'glpat-',
      'xox',
      'npm_',
      'ops_',
      'AIza',
    ].flatMap((prefix) => (prefix.length > 3 ? prefix : [...'abeoprs'].map((kind) => `${prefix}${kind}`))),
    pattern: /\b(?:gh[pousr]_|github_pat_|glpat-|xox[abeoprs]-|ops_|AIza|npm_)[\w-]{16,}/,
  },
  {
    anchors: [
      'sk_live_',
      'sk_test_',
      'rk_live_',
      'rk_test_',
      'hvs.',
      'hvb.',
      'hvr.',
      ...BASE64.map((digit) => `sk-${digit}`),
    ],
    pattern: /\b(?:[rs]k_(?:live|test)_|sk-|hv[sbr]\.)[\w-]{16,}/,
  },
  {
    // The password of a URL
    anchors: LETTERS.map((letter) => `${letter}://`),
    pattern: /(?<=[a-z]:\/\/[^\s/:@]{0,256}:)[^\s/@]+(?=@)/,
  },
];

export const SECRET_ANCHORS: readonly string[] = KINDS.flatMap(({ anchors }) => anchors);

export const secretPattern = (): RegExp =>
  new RegExp(KINDS.map(({ pattern }) => pattern.source).join('|'), 'g');
