/**
 * Gate `go_decision`: the Release Manager says go, every pre-check holds, there is a way back, and its texts lead operators nowhere else.
 */
import type { ReleaserFacts } from '../harm';
import type { Gate } from './gate';

/** Says that there is no way back, in one of the usual ways. */
const NO_WAY_BACK =
  /^(?:none|nil|n\/?a|no|nothing|tbd|todo|[-–—.?]{0,3})[\s.!]*$|^(?:none|nil|n\/a)\b(?!\s+of\b)|^no (?:rollback|roll-back|way back|plan)\b|^not (?:needed|applicable|possible|required|necessary|available)\b|\bcannot be (?:rolled back|taken back|undone|reverted)\b/i;
const PIPED =
  /\|\s{0,9}(?:sudo\s{1,9})?(?:[\w/.-]{0,40}\/)?(?:(?:ba|da|z|k)?sh|python3?|node|perl|ruby|php|pwsh|iex)\b|\b(?:ba|z)?sh\s{1,9}(?:-c\s{1,9}["'`]?|<\()\s{0,3}\$?\(?\s{0,3}(?:curl|wget)\b|\biwr\b[^\n]{0,200}\biex\b/i;
const AS_ROOT = /(?:^|[\s`"'(|;&])(?:sudo|doas)\s{1,9}[-\w/]/;

export const goDecision = {
  name: 'go_decision',
  phase: ['deployment'],
  judges: ['answer_of_releaser'],
  page: {
    expected: 'The Release Manager says go, every pre-check holds, and its rollback plan says how to go back.',
    helps: 'Settle the pre-check that failed, or the text that is named, then retry deployment.',
  },
  judge({ go, preChecks, rollbackPlan, releaseNotes, foreignHosts }: ReleaserFacts) {
    const failed = preChecks.filter(({ ok }) => !ok).map(({ check }) => `pre-check failed: ${check}`);
    const texts = [
      ['release notes', releaseNotes],
      ['rollback plan', rollbackPlan],
    ] as const;
    return {
      reasons: [
        ...(go ? [] : ['the Release Manager says no go']),
        ...failed,
        ...(NO_WAY_BACK.test(rollbackPlan.trim()) ? ['the rollback plan names no way back'] : []),
        ...texts.filter(([, text]) => PIPED.test(text)).map(([name]) => `the ${name} give a text to an interpreter`),
        ...texts
          .filter(([, text]) => AS_ROOT.test(text))
          .map(([name]) => `the ${name} have operators run a command as root`),
        ...foreignHosts.map((host) => `the release texts name the host ${host}, which the repository does not know`),
      ],
    };
  },
} as const satisfies Gate<'answer_of_releaser'>;
