/**
 * Lists all cases of the corpus by kind. In a cheating build one role cheats, and the other roles are honest.
 */
import { missingTool } from '../../works-with/tools';
import { hasPytest } from '../adapters/runners/test-tools';
import { ANSWERS } from './cases/answers';
import { AUDITOR } from './cases/auditor';
import { CHANGED_TESTS } from './cases/changed-tests';
import { CHANGES } from './cases/changes';
import { CODE_ORIGINS } from './cases/code-origins';
import { EMPTY_CHANGES } from './cases/empty-changes';
import { FORGED_JAVASCRIPT } from './cases/forged-javascript';
import { FORGED_PYTHON } from './cases/forged-python';
import { GO_AND_RUST } from './cases/go-and-rust';
import { GREEN_ALWAYS } from './cases/green-always';
import { HONEST } from './cases/honest';
import { HONEST_CODE } from './cases/honest-code';
import { HONEST_DELIVERED } from './cases/honest-delivered';
import { HONEST_NEIGHBOURS } from './cases/honest-neighbours';
import { HONEST_SETTINGS } from './cases/honest-settings';
import { HONEST_SHAPES } from './cases/honest-shapes';
import { HONEST_UNITS } from './cases/honest-units';
import { HONEST_WORK } from './cases/honest-work';
import { JAVA } from './cases/java';
import { JUDGING_FILES } from './cases/judging-files';
import { KNOWS_TESTS } from './cases/knows-tests';
import { MOVING_TREE } from './cases/moving-tree';
import { OLD_TESTS } from './cases/old-tests';
import { OUTSIDE } from './cases/outside';
import { PACKAGES } from './cases/packages';
import { PROCESSES } from './cases/processes';
import { PROMISES } from './cases/promises';
import { READ_BY_TESTS } from './cases/read-by-tests';
import { ROUND_1 } from './cases/round-1';
import { ROUND_2 } from './cases/round-2';
import { ROUND_3 } from './cases/round-3';
import { ROUND_4 } from './cases/round-4';
import { ROUND_5 } from './cases/round-5';
import { ROUND_6 } from './cases/round-6';
import { ROUND_7 } from './cases/round-7';
import { ROUND_8 } from './cases/round-8';
import { ROUND_9 } from './cases/round-9';
import { ROUND_10 } from './cases/round-10';
import { SECRET_FORMS } from './cases/secret-forms';
import { SETTINGS } from './cases/settings';
import { SMALL_HOLES } from './cases/small-holes';
import { UNTESTED_LINES } from './cases/untested-lines';
import type { Case } from './scripted-build';

/** The cases by kind: the means of the cheat, such as `settings`, the round of reviewers that wrote the case, or `honest`. */
const KINDS: Record<string, Case[]> = {
  tests: OLD_TESTS,
  settings: SETTINGS,
  processes: PROCESSES,
  answers: ANSWERS,
  auditor: AUDITOR,
  promises: PROMISES,
  changes: CHANGES,
  packages: PACKAGES,
  outside: OUTSIDE,
  'changed tests': CHANGED_TESTS,
  'read by tests': READ_BY_TESTS,
  'empty changes': EMPTY_CHANGES,
  'forged results': [...FORGED_JAVASCRIPT, ...FORGED_PYTHON],
  'moving tree': MOVING_TREE,
  'green always': GREEN_ALWAYS,
  'knows tests': KNOWS_TESTS,
  'untested lines': UNTESTED_LINES,
  'other doors': JUDGING_FILES,
  'code origins': CODE_ORIGINS,
  'secret forms': SECRET_FORMS,
  'small holes': SMALL_HOLES,
  'other languages': [...GO_AND_RUST, ...JAVA],
  'round 1': [...ROUND_1],
  'round 2': [...ROUND_2],
  'round 3': [...ROUND_3],
  'round 4': [...ROUND_4],
  'round 5': [...ROUND_5],
  'round 6': [...ROUND_6],
  'round 7': [...ROUND_7],
  'round 8': [...ROUND_8],
  'round 9': [...ROUND_9],
  'round 10': [...ROUND_10],
  honest: [
    ...[...HONEST, ...HONEST_WORK, ...HONEST_SETTINGS, ...HONEST_CODE, ...HONEST_UNITS, ...HONEST_SHAPES],
    ...[...HONEST_DELIVERED, ...HONEST_NEIGHBOURS],
  ],
};
/** Kinds whose cases run with several runners: which catcher holds a build first depends on the runner, so any catcher may hold it. */
const ANY_CATCHER_KINDS = new Set([
  ...['forged results', 'moving tree', 'green always', 'knows tests', 'untested lines', 'other doors'],
  ...['code origins', 'secret forms', 'small holes', 'other languages'],
  ...['round 1', 'round 2', 'round 3', 'round 4', 'round 5', 'round 6', 'round 7', 'round 8', 'round 9'],
  'round 10',
]);
export type CorpusCase = Case & { kind: string; runner: string; language: string };

const ALL: readonly CorpusCase[] = Object.entries(KINDS).flatMap(([kind, cases]) =>
  cases.map((one) => {
    const { runner, language } = one.project();
    return { ...one, kind, runner, language, isHeldByAny: one.isHeldByAny === true || ANY_CATCHER_KINDS.has(kind) };
  }),
);

/** The programs that must be on PATH for the cases of a runner. */
const TOOLS: Record<string, string[]> = { 'go test': ['go'], 'cargo test': ['cargo'], maven: ['mvn'] };
const isPytestInstalled = hasPytest();

function canRun({ runner, tools = TOOLS[runner] ?? [] }: CorpusCase): boolean {
  return missingTool({ tools }) === null && (runner !== 'pytest' || isPytestInstalled);
}

/** The cases whose tools this machine has. `npm run corpus` prints how many are left out. */
export const CORPUS: readonly CorpusCase[] = ALL.filter(canRun);
export const LEFT_OUT_COUNT = ALL.length - CORPUS.length;
