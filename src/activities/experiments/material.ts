/**
 * What a change offers to experiments: its sources with their units, its tests with their expectations. Read from git, nothing is run.
 */
import { changesOf } from '../../domain/experiments/changed-files';
import type { NotAUnit, Perturbation, Unit } from '../../domain/experiments/units';
import { withoutAssertions } from '../../inspect/units/assertions';
import { codeKindOf, isDataPath, isGenerated } from '../../inspect/units/paths';
import { holdsCondition } from '../../inspect/units/refusals';
import { perturbationsOf } from '../../inspect/units/perturbations-of';
import { unitsOf } from '../../inspect/units/units-of';
import type { LaidFile } from '../../ports/test-runner';
import type { RepoId } from '../../ports/workspace';
import type { Deps } from '../deps';
import { isHandWritten } from './hand-written';
import { madeByRun } from './made-by-run';

/** A changed file with its texts; `before` is null where it is new. */
export interface ChangedText {
  path: string;
  before: string | null;
  after: string;
}

export interface Material {
  sources: ChangedText[];
  tests: ChangedText[];
  units: Unit[];
  others: NotAUnit[];
  perturbations: Perturbation[];
  /** Tests in which no expected value was found. */
  without: Array<{ path: string; line: number; test: string }>;
  /** Changed assertions of tests that assert nothing. */
  idle: Array<{ path: string; line: number; test: string; says: string }>;
  /** Sources without the assertions on their changed lines. */
  unasserted: Array<LaidFile & { line: number }>;
  notes: string[];
}

interface Span {
  repo: RepoId;
  base: string;
  commit: string;
  /** New and changed tests, by whichever role, with the texts that run. */
  tests: LaidFile[];
  /** True for a path that holds tests, not code of the product. */
  isTest(path: string): boolean;
}

export async function readMaterial({ workspace }: Pick<Deps, 'workspace'>, span: Span): Promise<Material> {
  const { repo, base, commit, tests: given, isTest } = span;
  const all = await workspace.contentChanges(repo, base, commit);
  const gone = new Set(all.filter(({ after }) => after === null).map(({ before }) => before));
  // A file that moved as it is asks nothing new of any test.
  const changes = all.filter(({ before, after }) => after !== null && !(before === null && gone.has(after)));
  const ofTests = new Set(given.map(({ path }) => path));
  const paths = changes.map(({ path }) => path).filter((path) => !ofTests.has(path) && !isTest(path));
  const [before, after, places] = await Promise.all([
    workspace.contents({ ...repo, commit: base }, [...paths, ...ofTests]),
    workspace.contents({ ...repo, commit }, paths),
    workspace.diff(repo, base, commit).then(changesOf),
  ]);
  // A file that differs and that git's text leaves out, such as beyond its limit, counts as new as a whole.
  const at = ({ path, after }: ChangedText) => places.get(path) ?? { changed: allLines(after), removed: [] };
  const sources = [...after].map(([path, text]) => ({ path, before: before.get(path) ?? null, after: text }));
  const tests = given.map(({ path, text }) => ({ path, before: before.get(path) ?? null, after: text }));
  const found: Material = {
    sources,
    tests,
    units: [],
    others: [],
    perturbations: [],
    without: [],
    idle: [],
    unasserted: [],
    notes: [],
  };
  for (const file of sources) {
    const { units, others, notes } = await unitsOf({
      ...file,
      ...at(file),
      isTest: false,
      isRead: isDataPath(file.path) && (await isNamed({ workspace }, file.path, span)),
      isHandWritten: await isHandWritten({ workspace }, file, span),
      wasGenerated: file.before !== null && isGenerated(file.before),
    });
    found.units.push(...units.filter((unit) => !isMoved(unit, sources)));
    const bare = await withoutAssertions({ ...file, ...at(file) });
    if (bare !== undefined) found.unasserted.push({ path: file.path, ...bare });
    found.others.push(...others);
    found.notes.push(...notes);
  }
  // Tests can stand in a source file, too, as in Rust.
  for (const file of [...tests, ...sources]) {
    const { perturbations, without, idle, notes } = await perturbationsOf(
      { ...file, ...at(file) },
      tests.includes(file),
    );
    found.perturbations.push(...perturbations);
    found.without.push(...without.map((one) => ({ path: file.path, ...one })));
    found.idle.push(...idle.map((one) => ({ path: file.path, ...one })));
    if (tests.includes(file)) found.notes.push(...notes);
  }
  const changedTests = tests.map((file) => ({ ...file, ...at(file) }));
  found.idle.push(...(await madeByRun({ workspace }, { ...repo, commit }, changedTests)));
  return found;
}

/** A source of the product, not a test and not the file itself, names it. */
async function isNamed({ workspace }: Pick<Deps, 'workspace'>, path: string, { repo, commit, isTest }: Span) {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const named = await workspace.filesWith({ ...repo, commit }, name);
  return named.some((other) => other !== path && !isTest(other) && codeKindOf(other).kind === 'tree');
}

/** A guard that another changed source holds now. */
function isMoved({ condition, path }: Unit, sources: ChangedText[]): boolean {
  return condition !== undefined && sources.some((one) => one.path !== path && holdsCondition(one.after, condition));
}

function allLines(text: string): Set<number> {
  return new Set(text.split('\n').map((_, index) => index + 1));
}
