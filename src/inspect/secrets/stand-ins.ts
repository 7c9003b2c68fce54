/**
 * Recognizes stand-ins: values in the place of a secret that are none, such as placeholders, references, digests, public keys and
 * encrypted texts. Pure.
 */
import { isRandom } from './randomness';

const WORDS =
  /example|sample|dummy|fake|mock|placeholder|changeme|change[-_]?(?:me|this|it)|your[-_]?|my[-_]?(?:secret|token|password|key)|replace|redacted|insert|todo|fixme|not[-_]?(?:a[-_]?|so[-_]?)?secret|lorem|correct[-_]?horse|(?:secret|token|passw(?:or)?d|api[-_]?key)[-_]?(?:here|goes|value|name)?|admin|test|foo|bar|welcome|qwerty|letmein|default|user|guest|root|hello|world|abc|123|super|strong|secure|some|this|invalid|wrong/gi;
/** The end of the keys in Amazon's documents, and the token in Telegram's. */
const DOCUMENTED = /EXAMPLE(?:KEY|TOKEN|ID)?$|ABC-DEF1234ghIkl-zyx57W2v1u123ew11/;
/** The beginning of a reference: the program looks the value up. */
const REFERENCE =
  /^(?:process\.env|os\.environ|import\.meta|env[.(:]|secrets?[.:]|vault:|arn:|file:|data:|https?:\/\/[^\s@]*$|op:\/\/|ssm:|kms:|ref\+)/i;
/** `$NAME`, `%NAME%`, `!Ref Name`, `<token>`, `/run/secrets/x`: one as long as what they name is no random value itself. */
const SIGIL = /^(?:[$%@!:<{[(/~^]|\.{1,2}\/)/;
const TEMPLATE = /\$\{[^}]{0,200}\}|\{\{[^}]{0,200}\}\}|\$\([^)]{0,200}\)|<%[^%]{0,200}%>/g;
/** Digests, public keys, certificates, and what was encrypted to be committed (sops, sealed secrets, jasypt, Vault, Fernet). */
const NOT_SECRET =
  /^(?:sha\d{1,3}[-:=]|md5[-:=]|h1:|ssh-|ecdsa-|-----BEGIN (?:PUBLIC|CERT)|MII[A-Za-z0-9+/=]{0,400}IDAQAB|ENC[[(]|\$(?:2[abxy]|argon2\w{0,2}|[156]|apr1|scrypt|pbkdf2[\w-]{0,10})\$|gAAAAA|AgA?[A-Za-z0-9+/=]{200}|\$ANSIBLE|django-insecure-|(?:pbkdf2|argon2|bcrypt|scrypt)[\w:]{0,30}\$|phc_|[pP][kK]_(?:live|test)_)/;
/** Colours, dates, times and versions. */
const COLOUR_DATE_OR_VERSION =
  /^(?:#[0-9a-f]{3,8}|\d{4}-\d{2}-\d{2}T?[\d:.,+Z-]*|[v^~>=<]{0,3}\d+(?:\.\d+){1,3}(?:[-+][\w.+-]*)?)$/i;
const LEET: Record<string, string> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
};
/** Without the words of a stand-in, the rest of a value must have this length to be a secret. */
const LEAST_REST_CHARS = 12;

export function isStandIn(written: string): boolean {
  // In an address, a percent sign and two digits are mostly an escaped sign of a text.
  const value = written.replace(/%[0-9A-Fa-f]{2}/g, '');
  if (
    REFERENCE.test(value) ||
    isReference(value) ||
    NOT_SECRET.test(value) ||
    COLOUR_DATE_OR_VERSION.test(value) ||
    DOCUMENTED.test(value)
  )
    return true;
  return isMonotone(value) || isSequence(value) || isWordOnly(value) || isEncodedStandIn(value);
}

function isReference(value: string): boolean {
  if (SIGIL.test(value) && !isRandom(value.slice(1))) return true;
  const rest = value.replace(TEMPLATE, '');
  return rest !== value && (rest.length < LEAST_REST_CHARS || !isRandom(rest));
}

/** True for `your-api-key` and `P4ssw0rd!`; false for such a word together with a random value. */
function isWordOnly(value: string): boolean {
  const plain = [value, value.replace(/[013457@$!]/g, (sign) => LEET[sign] ?? sign)];
  return plain.some((text) => {
    const rest = text.replace(WORDS, '');
    return rest !== text && (rest.length < LEAST_REST_CHARS || !isRandom(rest));
  });
}

/** True for `xxxxxxxx`, `********`, `ababab...`, which have too few different signs for their length. */
function isMonotone(value: string): boolean {
  return new Set(value.toLowerCase()).size <= Math.min(4, value.length / 2);
}

/** True for sequences of the alphabet, of digits or of a keyboard: `1234567890`, `abcdefgh`. */
function isSequence(value: string): boolean {
  const rows =
    '01234567890123456789 abcdefghijklmnopqrstuvwxyz0123456789 qwertyuiopasdfghjklzxcvbnm 1q2w3e4r5t6y7u8i9o0p';
  const bare = value.toLowerCase().replace(/[^a-z0-9]/g, '');
  const [letters, digits] = [bare.replace(/\d/g, ''), bare.replace(/\D/g, '')];
  // `a1b2c3d4`: two rows at once.
  if (letters.length >= 3 && digits.length >= 3 && rows.includes(letters) && rows.includes(digits)) return true;
  const rest = bare.replace(/abcdefgh[i-z]*|(?:0123456789|123456789)[a-f0]*/g, '');
  if (rest !== bare && (rest.length < LEAST_REST_CHARS || !isRandom(rest))) return true;
  return (
    bare.length >= 6 && (rows.includes(bare) || /^(?:0123456789abcdef|1234567890|abcdef){1,8}[0-9a-f]{0,8}$/.test(bare))
  );
}

/** True for a stand-in or for words in base64, which Kubernetes uses. */
function isEncodedStandIn(value: string): boolean {
  if (!/^[A-Za-z0-9+/]{8,400}={0,2}$/.test(value)) return false;
  const text = Buffer.from(value, 'base64').toString('latin1').trim();
  return /^[\x20-\x7e\s]{4,}$/.test(text) && (isStandIn(text) || !isRandom(text));
}
