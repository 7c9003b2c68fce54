/**
 * Reads from changed files what experiments can use: units, expected values, assertions. Takes and returns plain data. Pure.
 */
import { changesOf } from '../../domain/experiments/changed-files';
import type { FileChange } from '../../domain/experiments/changed-files';
import type { NotAUnit, Perturbation, Unit } from '../../domain/experiments/units';
import { withoutAssertions } from '../units/assertions';
import { goldensIn, snapshotIn } from '../units/goldens';
import { isGenerated } from '../units/paths';
import { perturbationsOf } from '../units/perturbations-of';
import { holdsCondition } from '../units/refusals';
import { unitsOf } from '../units/units-of';

interface ChangedText {
  path: string;
  /** Null if the file is new. */
  before: string | null;
  after: string;
}
interface ChangedSource extends ChangedText {
  /** True if a source of the product mentions the file. */
  isRead: boolean;
  isHandWritten: boolean;
}
export interface MaterialTexts {
  sources: ChangedSource[];
  tests: ChangedText[];
  /** The diff of the whole change, as git prints it. */
  diff: string;
}

export interface FoundMaterial {
  units: Unit[];
  others: NotAUnit[];
  perturbations: Perturbation[];
  /** Tests in which no expected value was found. */
  without: Array<{ path: string; line: number; test: string }>;
  /** Changed assertions of tests that assert nothing. */
  idle: Array<{ path: string; line: number; test: string; says: string }>;
  /** The text of each source after its assertions on changed lines are removed. */
  unasserted: Array<{ path: string; text: string; line: number }>;
  /** Golden files with which changed tests compare their results. */
  goldens: Array<{ path: string; line: number; file: string }>;
  /** Changed tests that compare with a stored snapshot. */
  snapshots: Array<{ path: string; line: number }>;
  notes: string[];
}

export async function materialIn({ sources, tests, diff }: MaterialTexts): Promise<FoundMaterial> {
  const changesByPath = changesOf(diff);
  // A file can be missing in git's diff, for example when it is beyond the size limit: then all its lines count as changed.
  const withChange = <T extends ChangedText>(file: T): T & FileChange => ({
    ...file,
    ...(changesByPath.get(file.path) ?? { changed: allLines(file.after), removed: [] }),
  });
  const found: FoundMaterial = {
    ...{ units: [], others: [], perturbations: [], without: [], idle: [], unasserted: [] },
    ...{ goldens: [], snapshots: [], notes: [] },
  };
  for (const file of sources.map(withChange)) await readSource(file, sources, found);
  // A source file can contain tests, too, as in Rust.
  for (const file of tests.map(withChange)) await readTests(file, true, found);
  for (const file of sources.map(withChange)) await readTests(file, false, found);
  for (const { path, after, changed } of tests.map(withChange)) {
    const goldens = goldensIn(path, after, changed);
    found.goldens.push(...goldens.flatMap(({ line, file }) => (file === null ? [] : [{ path, line, file }])));
    const line = snapshotIn(path, after, changed);
    if (line !== undefined) found.snapshots.push({ path, line });
  }
  return found;
}

async function readSource(
  file: ChangedSource & FileChange,
  sources: readonly ChangedText[],
  found: FoundMaterial,
): Promise<void> {
  const wasGenerated = file.before !== null && isGenerated(file.before);
  const { units, others, notes } = await unitsOf({ ...file, isTest: false, wasGenerated });
  found.units.push(...units.filter((unit) => !isMoved(unit, sources)));
  const unasserted = await withoutAssertions(file);
  if (unasserted !== undefined) found.unasserted.push({ path: file.path, ...unasserted });
  found.others.push(...others);
  found.notes.push(...notes);
}

async function readTests(file: ChangedText & FileChange, isTest: boolean, found: FoundMaterial): Promise<void> {
  const { path } = file;
  const { perturbations, without, idle, notes } = await perturbationsOf(file, isTest);
  found.perturbations.push(...perturbations);
  found.without.push(...without.map((one) => ({ path, ...one })));
  found.idle.push(...idle.map((one) => ({ path, ...one })));
  if (isTest) found.notes.push(...notes);
}

/** True if another changed source contains the condition of this unit: the guard was only moved. */
function isMoved({ condition, path }: Unit, sources: readonly ChangedText[]): boolean {
  return condition !== undefined && sources.some((one) => one.path !== path && holdsCondition(one.after, condition));
}

function allLines(text: string): Set<number> {
  return new Set(text.split('\n').map((_, index) => index + 1));
}
