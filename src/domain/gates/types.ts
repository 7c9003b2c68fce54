/**
 * Gate `types`: the code can be read by its compiler. Syntax of every changed file; types and build where the project has them.
 */
import type { ChangeFacts, CheckFact } from './facts';
import { verdict } from './verdict';
import type { GateVerdict } from './verdict';

export function judgeChecks({ checks }: Pick<ChangeFacts, 'checks'>): GateVerdict {
  const ran = checks.filter((check) => check.notRun === null);
  const notes = checks.flatMap(({ kind, notRun }) => (notRun === null ? [] : [`${kind} not checked: ${notRun}`]));
  const evidence = ran.flatMap(({ logDigest }) => (logDigest === null ? [] : [logDigest]));
  return verdict('types', ran.flatMap(problemsOf), { notes, evidence });
}

function problemsOf({ kind, command, exitCode, timedOut, findings }: CheckFact): string[] {
  if (timedOut) return [`${kind}: ${command.join(' ')} ran out of time`];
  if (findings.length > 0) return findings.map((finding) => `${kind}: ${finding}`);
  if (exitCode === 0) return [];
  return [`${kind}: ${command.join(' ')} ended with exit code ${exitCode ?? 'none (killed)'}`];
}
