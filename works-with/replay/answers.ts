/**
 * The mock roles for a real commit: each answers with the commit's content. The Test Auditor reports an old test file of the commit as
 * updated if the shown test run has a failing test in that file, and as added otherwise.
 */
import type { PhaseOutput } from '../../src/activities/outputs';
import type { ModelRequest, RoleModel } from '../../src/ports/model';
import type { Change, RealCommit } from './commit';

export interface Variant {
  /** The role that writes the tests. */
  testsBy: 'test_auditor' | 'code_writer';
  kind: 'new' | 'kept';
}
type Answers = { [P in ModelRequest['phase']]: (request: ModelRequest) => PhaseOutput<P> };

export function mockRoles(
  commitOf: (projectId: string) => RealCommit & Variant,
  onCall: (id: string) => void,
): RoleModel {
  return {
    id: 'scripted:replay',
    scripted: true,
    call: (request) => {
      const projectId = request.idempotencyKey?.split('.')[0] ?? '';
      onCall(projectId);
      const output = answersOf(commitOf(projectId))[request.phase](request);
      const usage = { inputTokens: 0, outputTokens: 0 };
      return Promise.resolve({ kind: 'output', output, model: 'scripted:replay', scripted: true, usage, calls: 1 });
    },
  };
}

function answersOf({ subject, sources, tests, testsBy, kind }: RealCommit & Variant): Answers {
  const byCoder = testsBy === 'code_writer';
  const evidence = sources[0]?.path ?? tests[0]?.path ?? 'README.md';
  const testPaths = tests.filter(({ bytes, path }) => bytes !== null && isRunnable(path)).map(({ path }) => path);
  const testedBy = testPaths.length === 0 ? 'the whole suite' : testPaths.join(', ');
  return {
    discovery: () => ({
      ...{ summary: subject, requirements: [{ id: 'R1', text: subject }], constraints: [], assumptions: [], risks: [] },
      ...{ open_questions: [], success_criteria: [subject] },
    }),
    planning: () => ({
      summary: subject,
      components: [{ name: 'Change', purpose: subject, files: sources.map(({ path }) => path).slice(0, 100) }],
      steps: [{ text: subject, requirement_ids: ['R1'] }],
      success_criteria: [
        { id: 'C1', requirement_ids: ['R1'], text: subject, kind, tested_by: testedBy.slice(0, 2_000) },
      ],
      testing_strategy: 'The tests of the change.',
      ...{ security_considerations: [], performance_considerations: [], timeline: 'One attempt.' },
    }),
    implementation: () => ({
      ...{ summary: subject, files: listOf(byCoder ? [...sources, ...tests] : sources), test_cases: [] },
      ...{ documentation: '', technical_notes: deletionsOf([...sources, ...tests]), fixed: [] },
    }),
    testing: (request) => {
      const auditTests = byCoder ? [] : tests.filter(({ bytes }) => bytes !== null);
      const shownText = JSON.stringify(request.messages);
      const isRed = ({ path, isInBase }: Change): boolean => isInBase && isShownFailing(shownText, path);
      return {
        verdict: 'pass',
        tests_added: listOf(auditTests.filter((one) => !isRed(one))),
        tests_updated: auditTests.filter(isRed).map(({ path, bytes }) => ({
          ...{ path, content: bytes?.toString('utf8') ?? '', criterion_id: 'C1', reason: subject },
        })),
        test_command: [],
        criteria: [{ criterion_id: 'C1', tested_by: testedBy.slice(0, 2_000), satisfied: true, note: '' }],
        objections: [],
      };
    },
    verification: () => ({
      approved: true,
      checklist: [{ item: 'testing', finding: 'Tests of the change.', severity: 'none', evidence }],
      recommendations: [],
    }),
    deployment: () => ({
      ...{ go: true, version: '1.0.0', release_notes: subject, rollback_plan: 'Put the previous release back.' },
      pre_checks: [{ check: 'The tests pass.', ok: true, evidence }],
    }),
  };
}

/** True if the shown block of failing tests names the file. */
function isShownFailing(shown: string, path: string): boolean {
  const block = /<data name=\\"failing_tests\\">(.*?)<\/data>/.exec(shown)?.[1] ?? '';
  return block.includes(path);
}

function isRunnable(path: string): boolean {
  return (
    /\.(?:[cm]?[jt]sx?|py|go|rs|java|kt)$/.test(path) &&
    !/(^|\/)(fixtures?|helpers?|__snapshots__|testdata)\//.test(path)
  );
}

const listOf = (changes: Change[]) =>
  changes.map(({ path, bytes }) => ({ path, content: bytes === null ? null : bytes.toString('utf8') }));

function deletionsOf(changes: Change[]): string[] {
  const deletedPaths = changes.filter(({ bytes }) => bytes === null).map(({ path }) => path);
  return deletedPaths.length === 0
    ? []
    : [`Deleted because the change replaces them: ${deletedPaths.join(', ')}`.slice(0, 2_000)];
}
