/**
 * Stores the complete report of the experiments as an artifact, and gives the summary for the evidence.
 */
import { judgeUnits, outcomeOf } from '../../domain/experiments/judge';
import type { ExperimentFinding } from '../../domain/experiments/judge';
import { FINDINGS_LIMIT, NOTES_LIMIT, findingText } from '../../domain/experiments/summary';
import type { Experiments } from '../../domain/experiments/summary';
import type { Deps } from '../deps';
import type { ExperimentResults, Subject } from './subject';

export async function keepSummary(deps: Pick<Deps, 'artifacts'>, results: ExperimentResults): Promise<Experiments> {
  const { subject, tests, units, findings, notes } = results;
  const { clock } = subject.series;
  const { reportDigest } = await keepReport(deps, results);
  const { asked, noticed, sharePercent } = judgeUnits(units);
  const storedFindings = await Promise.all(
    boundFindings(findings).map(async (finding) => ({
      ...finding,
      digest: (await deps.artifacts.put(findingText(finding, textOf(subject, finding)))).digest,
    })),
  );
  return {
    ...{ reportDigest, runs: clock.runs(), seconds: clock.seconds(), sharePercent },
    units: { found: subject.material.units.length, asked, noticed },
    tests: { asked: tests.tests.length, red: tests.red },
    findings: storedFindings,
    notes: notes.slice(0, NOTES_LIMIT).map((note) => note.slice(0, 300)),
  };
}

/** Limits the number of findings. The last one lists all that exceed the limit, so that an approval of it names each of them. */
function boundFindings(findings: ExperimentFinding[]): ExperimentFinding[] {
  const combinedFindings = findings.slice(FINDINGS_LIMIT - 1);
  const [first] = combinedFindings;
  if (first === undefined || findings.length <= FINDINGS_LIMIT) return findings;
  const says = `${combinedFindings.length} findings: ${combinedFindings.map((finding) => `${finding.path}:${finding.line} ${finding.says}`).join('; ')}`;
  return [...findings.slice(0, FINDINGS_LIMIT - 1), { ...first, says: says.slice(0, 8_000) }];
}

function textOf({ material }: Subject, { path }: ExperimentFinding): string {
  return [...material.sources, ...material.tests].find((file) => file.path === path)?.after ?? '';
}

async function keepReport(
  { artifacts }: Pick<Deps, 'artifacts'>,
  { subject, tests, units, findings, notes, series: reportedSeries }: ExperimentResults,
): Promise<{ reportDigest: string }> {
  const { material, series } = subject;
  const { digest } = await artifacts.put(
    JSON.stringify({
      commit: series.commit,
      budget: series.clock.budget,
      command: series.method.choice.command,
      units: units.map((asked) => ({
        ...{ path: asked.unit.path, line: asked.unit.line, owner: asked.unit.owner?.name ?? null },
        broken: asked.unit.says,
        outcome: outcomeOf(asked),
        asked: asked.repeated === null ? 1 : 2,
        red: asked.answer.red.slice(0, 3).map(({ name }) => name.slice(0, 200)),
      })),
      tests: tests.tests.map(({ path, line, test, perturbations }) => ({
        ...{ path, line, test, changed: perturbations.slice(0, 3).map(({ says }) => says) },
        showsNothing: findings.some(
          (finding) => finding.kind === 'test_shows_nothing' && finding.path === path && finding.line === line,
        ),
      })),
      findings,
      notes,
      series: reportedSeries,
      not_needed_by_tests: material.others.slice(0, 500),
    }),
  );
  return { reportDigest: digest };
}
