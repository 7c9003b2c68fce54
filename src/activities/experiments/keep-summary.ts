/**
 * Keeps the whole report of experiments as an artifact, and gives what evidence carries of it.
 */
import { judgeUnits, outcomeOf } from '../../domain/experiments/judge';
import type { ExperimentFinding } from '../../domain/experiments/judge';
import { FINDINGS_LIMIT, NOTES_LIMIT, findingText } from '../../domain/experiments/summary';
import type { Experiments } from '../../domain/experiments/summary';
import type { Deps } from '../deps';
import type { Seen, Subject } from './subject';

export async function keepSummary(deps: Pick<Deps, 'artifacts'>, seen: Seen): Promise<Experiments> {
  const { subject, tests, units, findings, notes } = seen;
  const { clock } = subject.series;
  const { reportDigest } = await keepReport(deps, seen);
  const { asked, noticed, sharePercent } = judgeUnits(units);
  const kept = await Promise.all(
    boundFindings(findings).map(async (finding) => ({
      ...finding,
      digest: (await deps.artifacts.put(findingText(finding, textOf(subject, finding)))).digest,
    })),
  );
  return {
    ...{ reportDigest, runs: clock.runs(), seconds: clock.seconds(), sharePercent },
    units: { found: subject.material.units.length, asked, noticed },
    tests: { asked: tests.tests.length, red: tests.red },
    findings: kept,
    notes: notes.slice(0, NOTES_LIMIT).map((note) => note.slice(0, 300)),
  };
}

/** The last one stands for all that have no room: an approval of it names each of them. */
function boundFindings(findings: ExperimentFinding[]): ExperimentFinding[] {
  const rest = findings.slice(FINDINGS_LIMIT - 1);
  const [first] = rest;
  if (first === undefined || findings.length <= FINDINGS_LIMIT) return findings;
  const says = `${rest.length} findings: ${rest.map((one) => `${one.path}:${one.line} ${one.says}`).join('; ')}`;
  return [...findings.slice(0, FINDINGS_LIMIT - 1), { ...first, says: says.slice(0, 8_000) }];
}

function textOf({ material }: Subject, { path }: ExperimentFinding): string {
  return [...material.sources, ...material.tests].find((file) => file.path === path)?.after ?? '';
}

async function keepReport(
  { artifacts }: Pick<Deps, 'artifacts'>,
  { subject, tests, units, findings, notes, series: made }: Seen,
): Promise<{ reportDigest: string }> {
  const { material, series } = subject;
  const { digest } = await artifacts.put(
    JSON.stringify({
      commit: series.commit,
      budget: series.clock.budget,
      command: series.method.choice.command,
      units: units.map((one) => ({
        ...{ path: one.unit.path, line: one.unit.line, owner: one.unit.owner?.name ?? null, broken: one.unit.says },
        outcome: outcomeOf(one),
        asked: one.repeated === null ? 1 : 2,
        red: one.answer.red.slice(0, 3).map(({ name }) => name.slice(0, 200)),
      })),
      tests: tests.tests.map(({ path, line, test, perturbations }) => ({
        ...{ path, line, test, changed: perturbations.slice(0, 3).map(({ says }) => says) },
        showsNothing: findings.some(
          (one) => one.kind === 'test_shows_nothing' && one.path === path && one.line === line,
        ),
      })),
      findings,
      notes,
      series: made,
      not_needed_by_tests: material.others.slice(0, 500),
    }),
  );
  return { reportDigest: digest };
}
