/**
 * Finds secrets in lines that a change adds. Says where and of which kind; what it found never leaves this file.
 */
import type { AddedLine } from '../../ports/workspace';
import type { SecretFinding } from '../../domain/gates/facts';
import { SECRET_RULES } from './secret-rules';
import { entropyOf, isStandIn } from './stand-ins';

/** Longer lines are minified code or data: looked at piece by piece, so that no pattern runs away. */
const PIECE_CHARS = 4_000;
const OVERLAP_CHARS = 300;
/** A secret known only by its name has to look random: this many bits a character. */
const LEAST_ENTROPY_BITS = 2.9;
const TEST_PATH = /(^|\/)(tests?|__tests__|spec|e2e|fixtures?)\/|[._-](test|spec)\.[a-z]+$/i;
/** In a test's file this word on the line says that a value is made up. It speaks for values known by name only. */
const MARK = /not-a-secret/i;
/** Nothing matches a rule without one of these: most lines are done after this look. */
const HINT =
  /-----BEGIN|AKIA|ASIA|ABIA|ACCA|AIza|GOCSPX|AccountKey|Q~|gh[pousr]_|github_pat|gl[a-z]{2,3}t-|xox[abeoprs]-|hooks\.slack|[sr]k[_-]|SK[0-9a-f]{8}|hf_|npm_|:_auth|:_password|pypi-|SG\.|do[opr]_v1|eyJ|:\/\/|authorization|passw|pwd|secret|token|key|credential/i;

export function scanSecrets(lines: AddedLine[]): SecretFinding[] {
  return lines.flatMap(({ path, line, text }) => {
    const rule = ruleFor(text, TEST_PATH.test(path));
    return rule === undefined ? [] : [{ path, line, rule }];
  });
}

/** The first rule that knows a secret in the line. */
export function ruleFor(text: string, isTest = false): string | undefined {
  for (let start = 0; start === 0 || start < text.length; start += PIECE_CHARS) {
    const piece = text.slice(start, start + PIECE_CHARS + OVERLAP_CHARS);
    if (!HINT.test(piece)) continue;
    const rule = SECRET_RULES.find(({ pattern, byName }) => {
      if (byName && isTest && MARK.test(piece)) return false;
      const match = pattern.exec(piece);
      return match !== null && isSecret(match[1], byName === true);
    });
    if (rule !== undefined) return rule.name;
  }
  return undefined;
}

function isSecret(value: string | undefined, byName: boolean): boolean {
  if (value === undefined) return true;
  // Documentation writes provider keys with EXAMPLE or with rows of x in them.
  if (!byName) return !/example/i.test(value) && !/(.)\1{7}/.test(value);
  return !isStandIn(value) && !isCode(value) && looksRandom(value);
}

/** Names and calls stand where a value would in code without quotes, and so do paths, dates and versions. */
function isCode(value: string): boolean {
  return (
    /^[a-z_$][\w$]*(?:\.[a-z_$][\w$]*)+\(?/i.test(value) ||
    /[(){}[\]]/.test(value) ||
    /^[a-z]+(?:[-_.:/ ][a-z]+)*$/i.test(value) ||
    isName(value)
  );
}

/** `shop-db-credentials-v2`: words with hyphens and at most short numbers, as resources are named. */
function isName(value: string): boolean {
  const parts = value.split(/[-_.]/);
  const isWord = (part: string): boolean => /^(?:[a-z]{2,}\d{0,2}|v?\d{1,4})$/i.test(part);
  return parts.length > 1 && parts.every(isWord) && parts.filter((part) => /^[a-z]{2,}\d{0,2}$/.test(part)).length > 1;
}

/** Random enough, or a mix of letters, digits and signs that only a password is. */
function looksRandom(value: string): boolean {
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/].filter((kind) => kind.test(value)).length;
  return (entropyOf(value) >= LEAST_ENTROPY_BITS && kinds >= 2) || (kinds >= 3 && value.length >= 8);
}
