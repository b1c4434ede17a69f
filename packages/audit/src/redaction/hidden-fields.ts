/** What the name of a field ends with when its value is a secret, in lower case and without punctuation; or several. */
const SECRETS: readonly string[] = [
  'password',
  'passwd',
  'pwd',
  'passphrase',
  'passcode',
  'secret',
  'apikey',
  'accesskey',
  'privatekey',
  'secretkey',
  'signingkey',
  'encryptionkey',
  'accesstoken',
  'apitoken',
  'authtoken',
  'bearertoken',
  'idtoken',
  'refreshtoken',
  'sessiontoken',
  'cookie',
  'credential',
  'clientassertion',
  'codeverifier',
  'connectionstring',
  'otp',
];

// Whatever is called `tokens` alone, or `inputTokens`, counts what a language model reads.
const SECRET_ENDINGS = [...SECRETS.flatMap((name) => [name, `${name}s`]), 'token', 'authorization'];

/** How many names are remembered; a service has few, but whoever fills `details` may have many. */
const MAX_REMEMBERED = 4096;

/**
 * Compiles which fields are hidden because of their name: those that end with a word for a secret (`db_password`,
 * `X-Api-Key`, `token2`), and those that are named.
 *
 * @param names - more names, in any case and punctuation; the whole name has to match
 */
export function hiddenFields(names: readonly string[]): (field: string) => boolean {
  const named = new Set(names.map(bare));
  const known = new Map<string, boolean>();
  return (field) => {
    const remembered = known.get(field);
    if (remembered !== undefined) return remembered;
    const name = bare(field);
    const hidden = named.has(name) || SECRET_ENDINGS.some((ending) => name.endsWith(ending));
    if (known.size >= MAX_REMEMBERED) known.clear();
    known.set(field, hidden);
    return hidden;
  };
}

const bare = (field: string) =>
  field
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')
    .replace(/\d+$/, '');
