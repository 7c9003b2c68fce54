/**
 * Finds what the Release Manager's texts must not contain: dangerous instructions for operators or users, and claims that no build
 * can verify. Pure.
 */

import { claimsWithoutEvidence } from './release-claims';

/** Matches a rollback plan that offers no rollback. */
const NO_ROLLBACK =
  /^(?:none|nil|n\/?a|no|nothing|tbd|todo|[-–—.?]{0,3})[\s.!]*$|^(?:none|nil|n\/a)\b(?!\s+of\b)|^no (?:rollback|roll-back|way back|plan)\b|^not (?:needed|applicable|possible|required|necessary|available)\b|\bcannot be (?:rolled back|taken back|undone|reverted)\b/i;
/** Matches commands that feed a downloaded or piped text to a shell or another interpreter. */
const PIPES_TO_INTERPRETER =
  /\|\s{0,9}(?:sudo\s{1,9})?(?:[\w/.-]{0,40}\/)?(?:(?:ba|da|z|k)?sh|python3?|node|perl|ruby|php|pwsh|iex)\b|\b(?:ba|z)?sh\s{1,9}(?:-c\s{1,9}["'`]?|<\()\s{0,3}\$?\(?\s{0,3}(?:curl|wget)\b|\biwr\b[^\n]{0,200}\biex\b/i;
const AS_ROOT = /(?:^|[\s`"'(|;&])(?:sudo|doas)\s{1,9}[-\w/]/;
/** Matches instructions to delete data that an earlier release cannot restore. Data that the new release created may be deleted. */
const DESTROYS =
  /\b(?:drop|delete|remove|empty|erase|wipe|purge|destroy|clear|truncate)s?\s{1,9}(?:(?!(?:new|added|caches?|cached|temporary|tmp|index(?:es)?)\b)[\w-]{1,30}\s{1,9}){0,5}?(?:tables?|databases?|ledgers?|data|records?|rows?|backups?|volumes?|buckets?|schemas?|collections?|accounts?|orders?|sales|receipts|users?|customers?|snapshots?|logs?)\b|\brm\s{1,9}-\w{0,4}r|\bDROP\s{1,9}(?:TABLE|DATABASE|SCHEMA)\b|\bTRUNCATE\s{1,9}\w/i;
const SECRET_DATA =
  '(?:passwords?|passcodes?|pins?\\b|card (?:numbers?|details|codes?)|numbers? of (?:their|your|the) cards?|cvv|cvc|security codes?|seed phrases?|recovery (?:phrases?|codes?|keys?)|private keys?|one-time codes?|social security)';
const ASKS_FOR_SECRETS = new RegExp(
  `\\b(?:enter|send|give|tell|confirm|reply|answer|respond|write|text|state|mail|provide|submit|type|share|verify|read out|update)\\b[^.\\n]{0,80}\\b${SECRET_DATA}|\\b${SECRET_DATA}[^.\\n]{0,60}\\b(?:to us|by (?:e-?mail|phone|reply|chat)|to support)\\b`,
  'i',
);
/** Matches work outside of a build, which the orchestrator neither does nor observes. */
const OUTSIDE_OF_BUILD =
  /\bback-?ups?\b|\brestor(?:ed|able)\b|\bstaging\b|\bcanary\b|\bload[- ]?test|\bpen(?:etration)?[- ]?test|\bmanual(?:ly)?\b|\b(?:second|other|another) machine\b|\bbeside the old\b|\bin parallel with\b|\bsigned off\b|\bsign-off\b|\b(?:approved|reviewed|agreed|confirmed) (?:by|with)\b|\bon[- ]call\b|\bstakeholders?\b|\bcustomers? (?:were|have been)\b/i;

/** Returns the objections to one of the texts; `name` begins the sentences. */
export function objectionsTo(name: 'release notes' | 'rollback plan', text: string, promised = ''): string[] {
  return [
    ...claimsWithoutEvidence(text, promised).map(
      (claim) =>
        `the ${name} claim ${JSON.stringify(claim)}, which nothing of this build shows: leave it out, or say that it is still to be done`,
    ),
    ...(name === 'rollback plan' && NO_ROLLBACK.test(text.trim()) ? ['the rollback plan names no way back'] : []),
    ...(PIPES_TO_INTERPRETER.test(text) ? [`the ${name} give a text to an interpreter`] : []),
    ...(AS_ROOT.test(text) ? [`the ${name} have operators run a command as root`] : []),
    ...(DESTROYS.test(text)
      ? [`the ${name} have operators take data away (${quoteMatch(DESTROYS, text)}): no way back brings it again`]
      : []),
    ...(ASKS_FOR_SECRETS.test(text)
      ? [`the ${name} ask people for what is secret (${quoteMatch(ASKS_FOR_SECRETS, text)})`]
      : []),
  ];
}

/** True for a pre-check about something that a build does not observe. `promised`: the text of the request and the plan. */
export function isOutsideOfBuild(check: string, promised = ''): boolean {
  return OUTSIDE_OF_BUILD.test(check) || claimsWithoutEvidence(check, promised).length > 0;
}

function quoteMatch(pattern: RegExp, text: string): string {
  return JSON.stringify((pattern.exec(text)?.[0] ?? '').replace(/\s+/g, ' ').slice(0, 80));
}
