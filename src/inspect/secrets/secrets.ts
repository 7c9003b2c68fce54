/**
 * Finds secrets in what a change adds: lines, file names, commit messages. A finding has the place and the kind, and never the secret.
 *
 * A token with a format of its own is recognized anywhere. Any other secret is recognized by the name beside it and by a random value.
 */
import type { AddedLine } from '../../ports/workspace';
import type { SecretFinding } from '../../domain/gates/facts';
import { holdsPrivateKey, isPageKey } from './around';
import { assignmentsIn, namesSecret, valueIn } from './assignments';
import { BY_NAME, NAME_HINT, PIECE_CHARS, hitsIn, isSecret } from './hits';
import { placeOf } from './places';
import type { Place } from './places';

/** Marks by which other scanners skip a line. Only a mark in a comment counts, so that code and texts can mention marks. */
const MARK =
  /(?<!["'`])(?:#|\/\/|\/\*|<!--|--|;|%|\*)[\w :,.-]{0,60}?(?:pragma:\s?(?:allowlist|whitelist)(?: nextline)? secret|gitleaks:allow|\bnosecret\b|secretlint-disable|trufflehog:ignore|ggignore|not-a-secret)/i;
const MARK_HINT = /list|gitleaks|nosecret|secretlint|trufflehog|ggignore|not-a-secret/i;

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

/** Finds secrets in names of files, such as `password=…`. */
export function scanNames(paths: readonly string[], nowMs = Date.now()): SecretFinding[] {
  return paths.flatMap((path) => {
    const place = { ...placeOf(path), nowMs };
    const words = path.split('/').map((word) => word.replace(/\.\w{1,8}$/, ''));
    const rule = words.map((word) => hitsIn(word, place).next().value?.rule).find((one) => one !== undefined);
    return rule === undefined ? [] : [{ path, line: 1, rule, of: 'file' as const }];
  });
}

/** Finds secrets in the messages of the change's commits; `line` counts within the message. */
export function scanMessages(commits: Array<{ commit: string; message: string }>): SecretFinding[] {
  return commits.flatMap(({ commit, message }) => {
    const path = `the message of commit ${commit.slice(0, 12)}`;
    const lines = message.split('\n').map((text, index) => ({ path, line: index + 1, text }));
    return scanSecrets(lines).map((finding) => ({ ...finding, of: 'message' as const }));
  });
}

function ruleOf(text: string, { place, above }: { place: Place; above: Pending | undefined }): string | undefined {
  return (
    hitsIn(text, place).next().value?.rule ??
    (above !== undefined && isValueOf(above, text, place) ? BY_NAME : undefined)
  );
}

interface Pending {
  path: string;
  line: number;
  /** True if the line below is the value itself. */
  isContinued: boolean;
}

/** Returns the maximum number of lines between a name and its value. */
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
