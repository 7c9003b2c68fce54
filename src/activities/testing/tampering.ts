/**
 * Looks whether a change has touched what it is judged by. The gate `tampering` judges; here the trees are read.
 */
import { digestOf } from '../../inspect/digest';
import { findTampering, formerTamperingText, tamperingText } from '../../domain/evidence/tampering';
import type { Locked, PathChange, TouchedFile } from '../../domain/evidence/tampering';
import type { GateFindings } from '../../domain/findings';
import { findingsOf, judgeAll, reasonsOf } from '../../domain/gates';
import type { ProjectWish } from '../../ports/checkouts';
import type { TreeAt } from '../../ports/workspace';
import type { StartRequest } from '../../requests/start-request';
import type { PhaseTask } from '../contract';
import type { Deps } from '../deps';
import { calledAtBase } from './changed-tests';
import { filesThatRan, judgesAt, scriptsCalledBy } from './judges';
import { unlock } from './locked-tests';
import { findWay } from './run-tests';
import { findSparedEdits } from './spared-edits';
import type { SparedEdit } from '../../inspect/readings/spared-edits';

interface Place {
  base: string;
  commit: string;
  request: Pick<StartRequest, 'commands' | 'release'>;
  wish: ProjectWish;
}

export interface Touched {
  /** What is to be objected. */
  objections: string[];
  /** What a person may let pass. */
  findings: GateFindings;
  /** The lock that still holds: approved changes to locked tests leave it. */
  locked: Locked | null;
  /** Paths that were changed with a person's approval. */
  approved: string[];
  /** Edits of old test files that need none. */
  spared: SparedEdit[];
}

/** Of a commit that was looked through already, when it was measured. */
export function untouched(locked: Locked | null): Touched {
  return { objections: [], findings: { judged: [], found: [] }, locked, approved: [], spared: [] };
}

export async function checkTampering(deps: Deps, task: PhaseTask, place: Place): Promise<Touched> {
  const { locked, approvals, phase } = task;
  const { found, spared } = await findTouched(deps, task, place);
  const kept = await keepTexts(deps, task, { ...place, found });
  const wholeDigests = [...kept.wholeDigests, digestOf(formerTamperingText(found))];
  const touching = judgeAll('touched_judges', { found: kept.files, wholeDigests, approvals, phase });
  const findings = findingsOf(touching);
  if (findings.found.length > 0) return { objections: reasonsOf(touching), findings, locked, approved: [], spared };
  const approved = found.map(({ path }) => path);
  return { objections: [], findings, locked: await unlock(deps.artifacts, locked, approved), approved, spared };
}

/** Kept, so that a person can read what a digest names before approving it, and a record holds it: one text a file. */
export async function keepTexts(
  deps: Pick<Deps, 'workspace' | 'artifacts'>,
  { projectId, buildId, locked }: Pick<PhaseTask, 'projectId' | 'buildId' | 'locked'>,
  { base, commit, found }: Pick<Place, 'base' | 'commit'> & { found: PathChange[] },
): Promise<{ files: TouchedFile[]; wholeDigests: string[] }> {
  if (found.length === 0) return { files: [], wholeDigests: [] };
  const diff = await deps.workspace.diff({ projectId, buildId }, base, commit);
  const files = found.map(async (file) => {
    const { digest } = await deps.artifacts.put(tamperingText([file], { locked, diff }));
    return { ...file, digest };
  });
  return { files: await Promise.all(files), wholeDigests: [digestOf(tamperingText(found, { locked, diff }))] };
}

async function findTouched(deps: Deps, task: PhaseTask, { base, commit, request, wish }: Place) {
  const { projectId, buildId, locked } = task;
  const at = { projectId, buildId, commit };
  const before = { ...at, commit: base };
  const way = await findWay(deps, { repo: at, base, commit, commands: request.commands, wish });
  const ofBase = way?.isOfBase === true ? way : undefined;
  const { workdir } = await deps.checkouts.look(before, wish);
  const changes = await deps.workspace.contentChanges(at, base, commit);
  const ran = ofBase === undefined ? [] : await filesThatRan(deps, ofBase);
  const testCommand = ofBase === undefined ? [] : (request.commands?.test ?? ofBase.choice.command);
  const paths = changes.map(({ path }) => path);
  const judges = await judgesAt(deps, before, { ran, asked: request, testCommand, workdir, paths });
  const isFree = ({ path }: PathChange): boolean => !Object.hasOwn(locked?.files ?? {}, path);
  const spared = await findSparedEdits(deps, {
    ...{ repo: at, base, commit, ran, judges },
    changes: changes.filter(isFree),
  });
  const called = ofBase === undefined ? [] : await calledAtBase(deps, ofBase, workdir);
  const found = findTampering({
    changes: changes.filter(({ path }) => !spared.some((one) => one.path === path)),
    unlocked: await unlockedPaths(deps, at, locked),
    locked,
    manifests: await changedManifests(deps, { at, before, changes }),
    called: [...called, ...(await scriptsCalledBy(deps, before, { asked: request, workdir }))],
    isJudge: (path) => judges.why(path) !== undefined,
    fromNothing: (await deps.workspace.list(before)).length === 0,
    runners: deps.runners,
  });
  return { found, spared };
}

/** The root's, and that of each other folder. */
async function changedManifests(
  { workspace }: Pick<Deps, 'workspace'>,
  { at, before, changes }: { at: TreeAt; before: TreeAt; changes: PathChange[] },
): Promise<Record<string, { before: string | null; after: string | null }>> {
  const paths = changes.map(({ path }) => path).filter((path) => /(^|\/)package\.json$/.test(path));
  const [old, now] = await Promise.all([workspace.contents(before, paths), workspace.contents(at, paths)]);
  return Object.fromEntries(
    paths.map((path) => [path, { before: old.get(path) ?? null, after: now.get(path) ?? null }]),
  );
}

async function unlockedPaths(deps: Deps, at: TreeAt, locked: Locked | null): Promise<string[]> {
  const judged = Object.entries(locked?.files ?? {}).map(async ([path, digest]) => {
    const text = await readIf(deps, at, path);
    return text !== null && digestOf(text) === digest ? [] : [path];
  });
  return (await Promise.all(judged)).flat();
}

async function readIf(deps: Deps, at: TreeAt, path: string): Promise<string | null> {
  // Not there, or nothing that can be read as text: in both cases it is not what it should be.
  return deps.workspace.read(at, path).catch(() => null);
}
