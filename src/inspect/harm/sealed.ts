/**
 * Finds functions that claim to encrypt and only encode, passwords under a hash without salt, and ciphers with equal
 * blocks or a fixed nonce. A body that calls an unknown function may encrypt, and is not reported. Pure.
 */
import type { CodeView, Syntax } from '../asks/code-view';
import type { ReadFunction } from './functions';
import type { Harm, HarmRule } from './rule';

/** Names of functions that encrypt or decrypt. */
const ENCRYPTION_NAME =
  /(?:^|_|[a-z])(?:en|de)crypt|^(?:en|de)crypt|cipher|(?:^|un_?|_)seal(?:ed)?(?:_|$|[A-Z])|^(?:un)?seal$|^protect(?:_?(?:data|text|name|value|secret|field))?$|(?:make|to)_?unreadable/i;
/** Comments that promise encryption. */
const ENCRYPTION_COMMENT =
  /\b(?:encrypt(?:s|ed|ion)?|encipher\w{0,3}|decrypt(?:s|ed)?|kept (?:sealed|unreadable)|unreadable (?:for|to|without)|sealed)\b/i;
/** Comments that take the promise back. */
const DENIAL = /\b(?:not|no|never|without|isn't|already|obfuscat\w{0,5})\b/i;

/** Calls and operators that only encode or reorder a text. */
const ENCODES =
  /\bbase64\w{0,12}\b|\bb(?:16|32|64|85)(?:en|de)code\b|\b(?:btoa|atob)\(|'(?:base64|base64url|hex|rot_?13|binary|latin1)'|\bhexlify\(|\bunhexlify\(|\.hex\(\)|\bfromhex\(|\bhex::|\bhex\.(?:En|De)code\w{0,12}\(|\bEncodeToString\(|\bDecodeString\(|\bBase64\b|\b(?:To|From)(?:Base64|Hex)String\(|\bstr_rot13\(|\bstrrev\(|\bbin2hex\(|\bhex2bin\(|\.reverse\(|\[::-1\]|\.reversed\(|\.rev\(\)|\^=?|\bencodeURIComponent\(|\bchr\(|\bcharCodeAt\(|\bpack\(|\.tr\(|\bmaketrans\(/i;
/** Functions that do not encrypt. */
const KNOWN_CALL =
  /^(?:from|toString|concat|btoa|atob|b(?:16|32|64|85)(?:en|de)code|urlsafe_b64(?:en|de)code|standard_b64(?:en|de)code|encode|decode|hexlify|unhexlify|hex|fromhex|bytes|bytearray|str|String|string|byte|rune|chr|ord|zip|cycle|len|range|map|join|split|slice|reverse|reversed|rev|charCodeAt|codePointAt|fromCharCode|fromCodePoint|charAt|replace|replaceAll|escape|unescape|encodeURIComponent|decodeURIComponent|Uint8Array|TextEncoder|TextDecoder|Array|collect|chars|iter|enumerate|enumerateBytes|to_string|to_owned|to_vec|into|as_bytes|into_bytes|from_utf8|from_utf8_lossy|unwrap|expect|unwrap_or_default|ok|EncodeToString|DecodeString|getBytes|getEncoder|getUrlEncoder|getDecoder|getUrlDecoder|encodeToString|ToBase64String|FromBase64String|ToHexString|FromHexString|GetBytes|GetString|ToArray|ToCharArray|toCharArray|toByteArray|decodeToString|encodeToByteArray|base64_encode|base64_decode|bin2hex|hex2bin|strrev|str_rot13|strlen|substr|implode|explode|array_map|pack|unpack|unpack1|strict_encode64|strict_decode64|urlsafe_encode64|urlsafe_decode64|encode64|decode64|tr|translate|maketrans|bytes_mut|push|append|extend|length|size|fill|keys|entries|make|new|Some|Ok|trim|strip|rstrip|isalpha|isupper|islower|StringBuilder|valueOf|reduce|sum|Buffer|getOrElse|format|println|Math|floor|abs|is_empty|as_str|unwrap_or|charset|forName|with_capacity|push_str|WriteByte|WriteRune|WriteString|uppercase|toUpperCase|toLowerCase|lower|upper)$/;

export function encodingCalledEncryption({ text }: CodeView, _: Syntax, one: ReadFunction): Harm | undefined {
  const { name, body, comment, line, to } = one;
  const claimsEncryption =
    ENCRYPTION_NAME.test(name) ||
    (ENCRYPTION_COMMENT.test(comment) && !/^(?:is|has|should|can)|crc|table|checksum|hash|key/i.test(name));
  if (!claimsEncryption || DENIAL.test(comment) || !ENCODES.test(body)) return undefined;
  const calls = [...body.matchAll(/([\w$]{1,60})!?\s{0,3}\(/g)].map(([, called = '']) => called);
  const hasKnownCallsOnly = calls.every(
    (called) =>
      KNOWN_CALL.test(called) || /^(?:if|for|while|return|switch|in|and|or|not|await|fn|func|function)$/.test(called),
  );
  if (!hasKnownCallsOnly || /\b(?:cipher|crypto\.|aes|fernet|nacl|sodium|subtle|kms|vault)\b/i.test(body))
    return undefined;
  // Report only if the text itself is encoded, not only the output of a cipher.
  if (
    /(?:cipher|encrypted|sealed|nonce|\biv\b|\btag\b)/i.test(body) &&
    /createCipher|createDecipher|\bAES\b|Fernet|secretbox|Cipher\b/.test(text)
  )
    return undefined;
  return {
    ...{ line, to, isNote: false },
    does: 'says that it encrypts, and only writes the text in another way',
    why: 'everybody can read the text without a key; encrypt it with a key, or call it an encoding',
  };
}

/** Names of functions that hash or store passwords. */
const PASSWORD_HASH =
  /hash_?(?:the_?|a_?|user_?)?(?:password|passwd|pass_?word|pin|passcode|passphrase)|(?:password|passwd|pin|passcode)_?(?:hash|digest)(?:er|ed)?$|^(?:store|save|set|keep)_?password$/i;
/** A call of a fast hash. */
const FAST_HASH =
  /\bcreateHash\(\s{0,3}'(?:md5|sha\d{1,3})'|\bhashlib\.(?:md5|sha\d{1,3}|new)\(|\b(?:md5|sha1|sha256|sha512)\.Sum\d{0,3}\w{0,3}\(|\b(?:md5|sha1)\(|(?<![\w.$>])hash\(\s{0,3}'(?:md5|sha\d{1,3})'|\bMessageDigest\.getInstance\(\s{0,3}'(?:MD5|SHA-?\d{1,3})'|\bDigest::(?:MD5|SHA\d{1,3})\b|\b(?:Md5|MD5|Sha(?:1|256|512)|SHA(?:1|256|512))(?:::(?:digest|new)|\.(?:HashData|Create)\()/;
/** Words that show a salt or another protection. */
const SALTED = /salt|pepper|pbkdf2|bcrypt|scrypt|argon|hmac|nonce|random|pwned|breach|prefix|iterations/i;

export function passwordsWithoutSalt(_view: CodeView, _: Syntax, one: ReadFunction): Harm | undefined {
  const { name, body, comment, line, to } = one;
  if (!PASSWORD_HASH.test(name) || !FAST_HASH.test(body) || SALTED.test(`${body} ${comment} ${one.params}`))
    return undefined;
  return {
    ...{ line, to, isNote: false },
    does: 'keeps passwords under a fast hash without salt',
    why: 'equal passwords look equal, and millions are tried in a second; take scrypt, bcrypt, argon2 or PBKDF2 with a salt',
  };
}

const EQUAL_BLOCKS = {
  does: 'encrypts each block alone',
  why: 'equal texts look equal when encrypted; take a mode with a nonce and a tag, such as GCM',
} as const;
const SAME_IV = {
  does: 'encrypts with a nonce that is the same each time',
  why: 'two texts encrypted with one nonce reveal each other; draw a new nonce for each text',
} as const;

export const CIPHERS: readonly HarmRule[] = [
  {
    ...{ ...EQUAL_BLOCKS, inText: true },
    pattern:
      /(?<=\b(?:createCipheriv|createDecipheriv|openssl_encrypt|openssl_decrypt|Cipher\.new|Cipher\.getInstance)\([^()\n;]{0,80})'?(?:aes-(?:128|192|256)-ecb|AES-(?:128|192|256)-ECB|AES\/ECB\/\w{1,30}|des-ecb|AES'(?=\s{0,3}\)))/g,
  },
  {
    ...EQUAL_BLOCKS,
    pattern:
      /\bAES\.MODE_ECB\b|\bmodes\.ECB\(|\bCipherMode\.ECB\b|\bEVP_aes_(?:128|192|256)_ecb\(|\bNewECB(?:Encrypter|Decrypter)\b/g,
  },
  {
    ...{ ...SAME_IV, in: ['python'] },
    pattern:
      /\bAES\.new\([^()\n]{1,80},\s{0,3}AES\.MODE_(?:CBC|GCM|CTR|CFB|OFB|EAX|CCM)\s{0,3},\s{0,3}(?:(?:iv|IV|nonce)\s{0,3}=\s{0,3})?(?:b?'|bytes\(\d{1,3}\))|\bmodes\.(?:CBC|GCM|CTR|CFB|OFB)\(\s{0,3}(?:b?'|bytes\(\d{1,3}\))|\b(?:AESGCM|ChaCha20Poly1305)\([^()\n]{1,60}\)\.encrypt\(\s{0,3}b?'/g,
  },
  {
    ...{ ...SAME_IV, in: ['braces'] },
    pattern:
      /\bnew\s{1,3}(?:IvParameterSpec|GCMParameterSpec)\(\s{0,3}(?:\d{2,3}\s{0,3},\s{0,3})?(?:new\s{1,3}byte\s{0,3}\[\s{0,3}\d{1,3}\s{0,3}\]|'[^']{0,80}'\.getBytes)|\b(?:IvParameterSpec|GCMParameterSpec)\(\s{0,3}(?:\d{2,3}\s{0,3},\s{0,3})?ByteArray\(|\b\w{1,30}\.Seal\([^,\n]{1,40},\s{0,3}(?:\[\]byte\('|make\(\[\]byte)|\bcipher\.New(?:CBC|CTR|CFB|OFB)\w{0,12}\([^,\n]{1,40},\s{0,3}(?:\[\]byte\('|make\(\[\]byte)/g,
  },
  { ...{ ...SAME_IV, in: ['rust'] }, pattern: /\bNonce::from_slice\(\s{0,3}(?:b'|&\[0)/g },
  {
    ...{ ...SAME_IV, in: ['php'] },
    pattern: /\bopenssl_encrypt\([^;\n]{1,160},\s{0,3}(?:'[^']{8,32}'|str_repeat\()\s{0,3}[,)]/g,
  },
];
