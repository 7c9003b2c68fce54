/**
 * Finds weaker algorithms that a change puts in place of stronger ones: hashes, ciphers, signatures, TLS versions.
 * Pure.
 */
import type { Harm } from '../rule';
import { rowsAround, textOf, alteredRow } from './hunk';
import type { Altered, Hunk } from './hunk';

/** Algorithms of one purpose. */
interface Family {
  what: string;
  /** Names of the stronger and of the weaker algorithms. */
  strong: RegExp;
  weak: RegExp;
  /** Words near the row that make the weaker algorithm harmless. */
  unless?: RegExp;
}

/** Words for uses of a hash that protect no secret. */
const NO_SECRET =
  /cache|etag|check_?sum|finger_?print|dedup|bucket|shard|content_?hash|file_?hash|usedforsecurity|revision|gravatar/i;
const FAMILIES: readonly Family[] = [
  {
    what: 'hash',
    strong: /(?:bcrypt|scrypt|argon2|pbkdf2|sha-?_?(?:2|3|224|256|384|512)|sha3|blake[23]b?s?)(?!\d)/gi,
    weak: /(?<![a-z])(?:md[245]|sha-?_?1|crc-?32|adler-?32|fnv1?a?|djb2)(?![\da-z])|\bDigest::(?:MD5|SHA1)\b|(?<=new_?|HMAC|Hmac|With|hash)(?:MD5|SHA1)(?!\d)/gi,
    unless: NO_SECRET,
  },
  {
    what: 'hashing of passwords',
    strong:
      /bcrypt|scrypt|argon2|pbkdf2|PASSWORD_(?:BCRYPT|ARGON2ID?|DEFAULT)|password_hash|hashpw|generate_password_hash|make_password/gi,
    weak: /createHash|hashlib\.(?:sha|md|new)\w{0,6}|sha(?:1|256|512)\.(?:Sum|New)\w{0,8}|MessageDigest|Digest::\w{3,6}|\bhash\(|\bsha1\(|\bmd5\(|Sha(?:1|256|512)::(?:new|digest)|SHA(?:1|256|512)\.(?:Create|HashData)|base64|btoa|NoOpPasswordEncoder|PlainText\w{0,20}/gi,
    unless: NO_SECRET,
  },
  {
    what: 'cipher',
    strong: /(?:aes[-_/]?(?:128|192|256)?[-_/]?)?(?:gcm|ccm|siv|eax)(?![a-z])|chacha20|poly1305|secretbox|fernet/gi,
    weak: /(?<![a-z])(?:aes[-_/]?(?:128|192|256)?[-_/]?)?(?:ecb|cbc|ctr|cfb|ofb)(?![a-z])|(?<![a-z])(?:3?des(?:ede)?3?|rc[24]|blowfish|bf)(?=[-_/'".( ]|$)|\bxor\b|base64|new(?:CBC|CTR|CFB|OFB)\w{0,12}|NewTripleDES\w{0,9}|DES\.new/gi,
  },
  {
    what: 'mode of a cipher',
    strong: /(?<![a-z])(?:cbc|ctr)(?![a-z])/gi,
    weak: /(?<![a-z])ecb(?![a-z])|(?<![a-z])(?:3?des(?:ede)?3?|rc[24])(?=[-_/'".( ]|$)/gi,
  },
  {
    what: 'signature',
    strong: /(?<![a-z])(?:(?:RS|ES|PS)(?:256|384|512)|HS(?:256|384|512)|EdDSA|Ed25519)(?!\d)/g,
    weak: /'none'|"none"|\bnone\b|alg(?:orithm)?s?'?\s{0,3}[:=]\s{0,3}(?:null|None|nil)|SigningMethodNone|UnsafeAllowNoneSignatureType/gi,
  },
  {
    what: 'version of TLS',
    strong: /TLSv?_?1[._]?[23](?!\d)|VersionTLS1[23]|Tls1[23]/g,
    weak: /TLSv?_?1(?:[._]?[01])?(?![\d._])|VersionTLS1[01]|VersionSSL30|SSLv?[23]|Tls1[01]?(?!\d)/g,
  },
  {
    what: 'source of random numbers',
    strong:
      /crypto\.(?:randomBytes|randomUUID|randomInt|getRandomValues)|randomBytes|randomUUID|getRandomValues|\bsecrets\.\w{1,20}|SystemRandom|os\.urandom|crypto\/rand|\brand\.Read\b|SecureRandom|RandomNumberGenerator|random_bytes|random_int|OsRng/g,
    weak: /\bMath\.random\b|\brandom\.(?:random|choice|choices|randint|randrange|getrandbits|sample)\b|math\/rand|\brand\.(?:Intn?|Int63|Float64)\b|\bnew Random\(|(?<![\w_])(?:mt_)?rand\(|\buniqid\(|\bthread_rng\b|\bDate\.now\b|\btime\.time\b/g,
    unless: /jitter|shuffle|colou?r|dice|sample_?data/i,
  },
];

/** Returns at most one finding for each hunk. */
export function weakerAlgorithms(file: Altered): Harm[] {
  return file.hunks.flatMap((hunk) => FAMILIES.flatMap((family) => inHunk(file, hunk, family)).slice(0, 1));
}

function inHunk(file: Altered, { removed, added }: Hunk, { what, strong, weak, unless }: Family): Harm[] {
  const wordsIn = (text: string, pattern: RegExp) => (text.match(pattern) ?? []).map((word) => word.toLowerCase());
  const [removedText, addedText] = [textOf(removed), textOf(added)];
  if (wordsIn(removedText, strong).length <= wordsIn(addedText, strong).length) return [];
  const weakBefore = new Set(wordsIn(removedText, weak));
  const row = added.find(({ text }) => wordsIn(text, weak).some((word) => !weakBefore.has(word)));
  const removedRow = removed.find(({ text }) => wordsIn(text, strong).length > 0);
  if (row === undefined || removedRow === undefined || unless?.test(rowsAround(file.after, row.line)) === true)
    return [];
  const [weaker = ''] = wordsIn(row.text, weak).filter((word) => !weakBefore.has(word));
  const [stronger = ''] = wordsIn(removedRow.text, strong);
  return [
    alteredRow(
      { does: `puts ${weaker} in place of ${stronger}`, why: `this ${what} is the weaker one` },
      row,
      removedRow,
    ),
  ];
}
