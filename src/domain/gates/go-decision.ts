/**
 * Gate `go_decision`: the Release Manager decides go, all pre-checks pass, a rollback plan exists, and the release texts name only known hosts, features and actions.
 */
import type { ReleaserFacts } from '../harm';
import type { Gate } from './gate';
import { unknownFeatures } from './release-features';
import { isOutsideOfBuild, objectionsTo } from './release-texts';

export const goDecision = {
  name: 'go_decision',
  phase: ['deployment'],
  judges: ['answer_of_releaser'],
  page: {
    expected: 'The Release Manager says go, every pre-check holds, and its rollback plan says how to go back.',
    helps: 'Settle the pre-check that failed, or the text that is named, then retry deployment.',
  },
  judge({ go, preChecks, rollbackPlan, releaseNotes, foreignHosts, promised, diff }: ReleaserFacts) {
    const failedChecks = preChecks.filter(({ ok }) => !ok).map(({ check }) => `pre-check failed: ${check}`);
    const unverifiableChecks = preChecks.filter(({ check, ok }) => ok && isOutsideOfBuild(check, promised));
    const unknownParts = diff === undefined ? [] : unknownFeatures(releaseNotes, `${promised ?? ''}\n${diff}`);
    return {
      reasons: [
        ...(go ? [] : ['the Release Manager says no go']),
        ...failedChecks,
        ...unverifiableChecks.map(
          ({ check }) =>
            `pre-check ${JSON.stringify(check.slice(0, 160))} tells of something that no build does or sees: leave it out, or name it in the release notes as still to be done`,
        ),
        ...objectionsTo('release notes', releaseNotes, promised),
        ...objectionsTo('rollback plan', rollbackPlan, promised),
        ...unknownParts.map(
          (part) =>
            `the release notes tell of ${JSON.stringify(part)}, of which neither the request, the plan nor the commit has a word: leave it out`,
        ),
        ...foreignHosts.map((host) => `the release texts name the host ${host}, which the repository does not know`),
      ],
    };
  },
} as const satisfies Gate<'answer_of_releaser'>;
