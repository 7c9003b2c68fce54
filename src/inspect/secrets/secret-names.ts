/**
 * Recognizes names of secrets: `DB_PASSWORD`, `clientSecret`, `X-Api-Key`; not `passwordHint`, `secretRef`, `publicKey`. Pure.
 */

const SECRETS = new Set(
  `password passwd pwd passphrase passcode passwort kennwort senha motdepasse secret secrets token credential credentials apikey
  authtoken accesstoken secretkey accesskey privatekey authkey clientsecret dbpass dbpassword userpass userpassword jwtsecret apitoken
  apisecret signingkey encryptionkey masterkey`.split(/\s+/),
);
/** Words that mean a secret only at the end of a name: elsewhere `pass` is more often a verb. */
const LAST_WORDS = new Set(['pass', 'pw', 'psk']);
/** Words before `key` that make it a secret. */
const WORDS_BEFORE_KEY = new Set(
  'api access private auth secret encryption encrypt signing master account shared license ssh hmac jwt deploy ssl tls cipher'.split(
    ' ',
  ),
);
/** Words after a secret's word which show that the name is not that of the secret itself. */
const WORDS_AFTER_SECRET = new Set(
  `name names ref refs reference path paths file files filename url uri arn alias header headers field type types policy id ids pattern regex
  label hint placeholder message messages error errors title length min max size count counts limit hash hashes digest checksum expiry expires
  expiration expire ttl lifetime timeout age algorithm alg format prefix suffix endpoint host issuer audience scope scopes link page form
  input strength rule rules store provider manager kind class selector element icon color colour enabled required mode env var
  variable index position start end charset chars alphabet separator schema validator address location text description date time at
  version kid budget usage price cost created updated fingerprint`.split(/\s+/),
);
const PUBLIC = /public|publishable|nextpublic/i;
const LONGEST_NAME_CHARS = 100;

export function isSecretName(name: string): boolean {
  if (name.length > LONGEST_NAME_CHARS || PUBLIC.test(name)) return false;
  const words = wordsOf(name);
  const at = words.findLastIndex((word, index) => isSecretWord(word, index, words));
  return at >= 0 && !words.slice(at + 1).some((word) => WORDS_AFTER_SECRET.has(word));
}

function isSecretWord(word: string, index: number, words: string[]): boolean {
  if (SECRETS.has(word) || /(?:password|passwd|apikey|secretkey)\d*$/.test(word)) return true;
  if (LAST_WORDS.has(word)) return index === words.length - 1;
  return (word === 'key' || word === 'keys') && WORDS_BEFORE_KEY.has(words[index - 1] ?? '');
}

function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== '');
}
