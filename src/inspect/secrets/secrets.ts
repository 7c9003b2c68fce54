/**
 * Finds secrets in what a change adds: lines, file names, commit messages. Says where and of which kind; what it found never leaves
 * this folder.
 *
 * A token with a shape of its own is known anywhere. Any other secret is known by the name beside it and by a value that looks random.
 */
import type { AddedLine } from '../../ports/workspace';
import type { SecretFinding } from '../../domain/gates/facts';
import { holdsPrivateKey, isPageKey } from './around';
import { assignmentsIn, namesSecret, valueIn } from './assignments';
import type { Candidate } from './assignments';
import { holdsCard } from './cards';
import { credentialsIn, isShownToken } from './credentials';
import { placeOf } from './places';
import type { Place } from './places';
import { isHumanPassword, isRandom } from './randomness';
import { isStandIn } from './stand-ins';
import { TOKEN_FORMATS, TOKEN_MARK } from './token-formats';

/** Longer lines are minified code or data: looked at piece by piece, so that no pattern runs away. */
const PIECE_CHARS = 4_000;
const OVERLAP_CHARS = 300;
/** The providers' documents write keys with EXAMPLE or rows of one sign in them; the last is the token that jwt.io shows. */
const MADE_UP = /example|(.)\1{7}|^eyJ\w+\.eyJzdWIiOiIxMjM0NTY3ODkw/i;
/** Nothing has a secret by its name, or in an address or a header, without one of these. */
const NAME_HINT =
  /pass|pwd|secret|token|key|credential|kennwort|senha|pw|psk|:\/\/[^\s@]{3,200}@|@(?:tcp|unix)\(|authorization|bearer|basic |curl|"auth"/i;
/** Marks of scanners for a line that shall not be looked at; in a comment, so that they can be spoken of. */
const MARK =
  /(?<!["'`])(?:#|\/\/|\/\*|<!--|--|;|%|\*)[\w :,.-]{0,60}?(?:pragma:\s?(?:allowlist|whitelist)(?: nextline)? secret|gitleaks:allow|\bnosecret\b|secretlint-disable|trufflehog:ignore|ggignore|not-a-secret)/i;
const MARK_HINT = /list|gitleaks|nosecret|secretlint|trufflehog|ggignore|not-a-secret/i;
/** A value of this many signs looks made up by a person; in a test that is nothing. */
const LEAST_TEST_CHARS = 16;
const LEAST_PROSE_CHARS = 12;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function scanSecrets(lines: AddedLine[], nowMs = Date.now()): SecretFinding[] {
  const findings: SecretFinding[] = [];
  let pending: Pending | undefined;
  let place: Place | undefined;
  lines.forEach(({ path, line, text }, index) => {
    if (path !== lines[index - 1]?.path) place = undefined;
    place ??= { ...placeOf(path), nowMs };
    const above = pending?.path === path && line - pending.line <= reachOf(pending) ? pending : undefined;
    const rule = holdsPrivateKey(lines, index) ? 'private key' : ruleOf(text, { place, above });
    if (rule !== undefined && !(rule === BY_NAME && isPageKey(lines, index))) findings.push({ path, line, rule });
    if (MARK_HINT.test(text) && !place.isProse && MARK.test(text.slice(0, PIECE_CHARS)))
      findings.push({ path, line, rule: 'a mark that says "no secret"', of: 'mark' });
    const isOpen = !place.isLock && NAME_HINT.test(text.slice(0, PIECE_CHARS)) && leavesOpen(text);
    if (isOpen !== false) pending = { path, line, isContinued: isOpen === 'continued' };
  });
  return findings;
}

/** A name of a file can hold one, too, such as `password=…`. */
export function scanNames(paths: readonly string[], nowMs = Date.now()): SecretFinding[] {
  return paths.flatMap((path) => {
    const place = { ...placeOf(path), nowMs };
    const words = path.split('/').map((word) => word.replace(/\.\w{1,8}$/, ''));
    const rule = words.map((word) => ruleIn(word, place)).find((one) => one !== undefined);
    return rule === undefined ? [] : [{ path, line: 1, rule, of: 'file' as const }];
  });
}

/** What was said of the change's commits; `line` counts within the message. */
export function scanMessages(commits: Array<{ commit: string; message: string }>): SecretFinding[] {
  return commits.flatMap(({ commit, message }) => {
    const path = `the message of commit ${commit.slice(0, 12)}`;
    const lines = message.split('\n').map((text, index) => ({ path, line: index + 1, text }));
    return scanSecrets(lines).map((finding) => ({ ...finding, of: 'message' as const }));
  });
}

function ruleOf(text: string, { place, above }: { place: Place; above: Pending | undefined }): string | undefined {
  return ruleIn(text, place) ?? (above !== undefined && isValueOf(above, text, place) ? BY_NAME : undefined);
}

const BY_NAME = 'secret by its name';

interface Pending {
  path: string;
  line: number;
  /** The line below is the value itself. */
  isContinued: boolean;
}

/** How far below its name a value may stand, in lines. */
function reachOf({ isContinued }: Pending): number {
  return isContinued ? 1 : 2;
}

function leavesOpen(text: string): 'continued' | 'named' | false {
  const piece = text.slice(0, PIECE_CHARS);
  if (assignmentsIn(piece).isOpen) return 'continued';
  return namesSecret(piece) ? 'named' : false;
}

function isValueOf({ isContinued }: Pending, text: string, place: Place): boolean {
  return valueIn(text.slice(0, PIECE_CHARS), isContinued).some((candidate) => isSecret(candidate, place));
}

/** The first rule that knows a secret in the line. */
function ruleIn(text: string, place: Place): string | undefined {
  for (let start = 0; start === 0 || start < text.length; start += PIECE_CHARS) {
    const piece = text.slice(start, start + PIECE_CHARS + OVERLAP_CHARS);
    const rule = TOKEN_MARK.test(piece) ? formatIn(piece, place) : undefined;
    if (rule !== undefined) return rule;
    if (!place.isLock && !place.isProse && holdsCard(piece)) return 'number of a payment card';
    if (place.isLock || !(NAME_HINT.test(piece) || place.isPasswordList)) continue;
    const credential = credentialsIn(piece, place).find(({ value }) => isSecret({ value, isQuoted: true }, place));
    if (credential !== undefined) return credential.rule;
    const { candidates } = assignmentsIn(piece, place.isNetrc);
    if (candidates.some((candidate) => isSecret(candidate, place))) return BY_NAME;
  }
  return undefined;
}

function formatIn(piece: string, place: Place): string | undefined {
  return TOKEN_FORMATS.find(({ pattern }) => {
    const [, value = ''] = pattern.exec(piece) ?? [];
    return value !== '' && !MADE_UP.test(value) && !isShownToken(value, place);
  })?.name;
}

function isSecret({ value, isQuoted }: Candidate, place: Place): boolean {
  if (!isQuoted && isExpression(value, place)) return false;
  return partsOf({ value, isQuoted }, place).some((part) => {
    if (isStandIn(part) || isShownToken(part, place)) return false;
    if (place.isTest) return part.length >= LEAST_TEST_CHARS && !UUID.test(part) && isRandom(part);
    if (UUID.test(part)) return !place.isProse;
    if (place.isProse) return part.length >= LEAST_PROSE_CHARS && isRandom(part);
    return isRandom(part) || isHumanPassword(part);
  });
}

/** Text has several words; what stands without quotes may have signs of the language behind it. */
function partsOf({ value, isQuoted }: Candidate, { isSettings }: Place): string[] {
  if (isQuoted) {
    if (isStandIn(value.trim())) return [];
    const words = value.trim().split(/\s+/, 3);
    return words.length > 2 ? [] : words;
  }
  const [first = ''] = value.split(isSettings ? /[,;&)}\]\\]/ : /[^\w+/=~.@#%^!$-]/, 1);
  return isSettings ? [value.replace(/[,;)}\]\\"'&]+$/, ''), first] : [first];
}

/** A call, a member or an index; in settings these signs are part of the value. */
function isExpression(value: string, { isSettings }: Place): boolean {
  if (isSettings) return false;
  return /^[a-z_$][\w$]*(?:\??\.[a-z_$][\w$]*)+[;,)]*$/i.test(value) || /[(){[]|=>|\?\?|&&/.test(value);
}
