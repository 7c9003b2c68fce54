/**
 * Gate `types`: every changed file has valid syntax, and the project's type check and build pass if it has them.
 */
import { commandText } from '../evidence/named-evidence';
import type { ChangeFacts, CheckFact } from './facts';
import type { Gate, GateResult } from './gate';

export const types = {
  name: 'types',
  phase: ['verification'],
  judges: ['change'],
  page: {
    expected: 'Every changed file can be parsed, and types and build are sound where the project has them.',
    helps: 'Read the log of the command and mend what it names; set `commands.build` where the build was not found.',
  },
  judge,
} as const satisfies Gate<'change'>;

function judge({ checks, commit }: ChangeFacts): GateResult {
  const notes = checks.flatMap((check) => (check.run === null ? [`${check.kind} not checked: ${check.notRun}`] : []));
  const evidence = checks.flatMap(({ run }) => (run === null ? [] : [run.logDigest]));
  return { reasons: checks.flatMap((check) => problemsOf(check, commit)), notes, evidence };
}

function problemsOf(check: CheckFact, commit: string): string[] {
  if (check.run === null) return [];
  const { kind, run, findings } = check;
  const command = commandText(run);
  if (run.commit !== commit) return [`${kind}: ${command} ran on another commit`];
  if (run.timedOut) return [`${kind}: ${command} ran out of time`];
  if (findings.length > 0) return findings.map((finding) => `${kind}: ${finding}`);
  if (run.exitCode === 0) return [];
  return [`${kind}: ${command} ended with exit code ${run.exitCode ?? 'none (killed)'}`];
}
