/**
 * Finds nonces with a constant value (CWE-329): created empty or from a constant, and never filled with random bytes.
 * Pure.
 */
import type { CodeView } from '../../asks/code-view';
import type { HarmRule, Match } from '../rule';

const SAME_NONCE = {
  does: 'encrypts with a nonce that is the same each time',
  why: 'two texts encrypted with one nonce reveal each other; draw a new nonce for each text',
  after: 'CWE-329',
} as const;
/** A value that is the same each time: zero bytes or a literal. */
const CONSTANT = String.raw`(?:make\(\[\]byte|\[\]byte\s{0,3}[({]|new\s{1,3}byte\s{0,3}\[|new\s{1,3}Uint8Array\(\s{0,3}\d|ByteArray\(\s{0,3}\d|'[^'\n]{0,80}'\.(?:getBytes|toByteArray|encode)|b'|bytes\(\s{0,3}\d|bytearray\(\s{0,3}\d|bytes\.fromhex\(\s{0,3}'|&?\[\s{0,3}0|\*?b'|Buffer\.(?:alloc\(|from\(\s{0,3}')|'[^'\n]{6,64}'\s{0,3}[;\n])`;

export const NONCES: readonly HarmRule[] = [
  {
    ...{ ...SAME_NONCE, in: ['braces'] },
    pattern:
      /\.Seal\(\s{0,3}\w{1,30}(?:\[:0\])?\s{0,3},\s{0,3}(\w{1,40})(?:\[:\])?\s{0,3},|\bcipher\.New(?:CTR|OFB|CFBEncrypter|CBCEncrypter)\(\s{0,3}\w{1,40}\s{0,3},\s{0,3}(\w{1,40})(?:\[:\])?\s{0,3}\)|\b(?:IvParameterSpec|GCMParameterSpec)\(\s{0,3}(?:\d{2,3}\s{0,3},\s{0,3})?(\w{1,40})\s{0,3}\)|\.(?:IV|Nonce)\s{0,3}=\s{0,3}new\s{1,3}byte\s{0,3}\[\s{0,3}\d{1,3}\s{0,3}\]/g,
    holds: isConstant,
  },
  {
    ...{ ...SAME_NONCE, in: ['python'], beside: /\b(?:AESGCM|ChaCha20Poly1305|AESCCM|AES|Cipher)\b/ },
    pattern:
      /\.encrypt\((?<=\b(?:AESGCM|ChaCha20Poly1305|AESCCM)\b[^]{0,400})\s{0,3}(?:nonce\s{0,3}=\s{0,3})?(\w{1,40})\s{0,3},|\bAES\.new\([^()\n]{1,80}\bMODE_(?:CBC|GCM|CTR|CFB|OFB|EAX|CCM)\s{0,3},\s{0,3}(?:(?:iv|IV|nonce)\s{0,3}=\s{0,3})?(\w{1,40})\s{0,3}[,)]|\bmodes\.(?:CBC|GCM|CTR|CFB|OFB)\(\s{0,3}(\w{1,40})\s{0,3}[,)]/g,
    holds: isConstant,
  },
  {
    ...{ ...SAME_NONCE, in: ['rust'] },
    pattern:
      /\b\w{0,12}Nonce::(?:from_slice|from)\(\s{0,3}&?(\w{1,40})\s{0,3}\)|\bassume_unique_for_key\(\s{0,3}(\w{1,40})\s{0,3}\)|\b(?:XNonce|Nonce)::default\(\)/g,
    holds: isConstant,
  },
  {
    ...{ ...SAME_NONCE, in: ['script'] },
    pattern:
      /\bname\s{0,3}:\s{0,3}'AES-(?:GCM|CBC)'\s{0,3},\s{0,9}iv\s{0,3}(?::\s{0,3}(\w{1,40}|new\s{1,3}Uint8Array\(\s{0,3}\d{1,2}\s{0,3}\)))?\s{0,9}[,}]|\bcounter\s{0,3}:\s{0,3}new\s{1,3}Uint8Array\(\s{0,3}\d{1,2}\s{0,3}\)/g,
    holds: (view, found) => isConstant(view, { ...found, groups: [found.groups[0] ?? 'iv', ''] }),
  },
];

/** True if the variable gets a constant, and no code between mentions it before the encryption. */
function isConstant({ text }: CodeView, { index, text: call, groups }: Match): boolean {
  const name = groups.find((one) => one !== '') ?? /(\w{1,40})\s{0,3}[,)]$/.exec(call)?.[1] ?? '';
  if (/default\(\)$|\bnew\s{1,3}(?:byte|Uint8Array)\b/.test(call)) return true;
  if (name === '') return false;
  const assignment = new RegExp(`(?<![\\w$.])${name}(?:\\[\\])?\\s{0,3}(?::[^=\\n]{1,30})?:?=\\s{0,3}${CONSTANT}`, 'g');
  const last = [...text.slice(0, index).matchAll(assignment)].at(-1);
  if (last === undefined) return false;
  const between = text.slice(last.index + name.length, index);
  // Code that fills the nonce with random bytes mentions its name.
  return !new RegExp(`(?<![\\w$.])${name}(?![\\w$])`).test(between);
}
