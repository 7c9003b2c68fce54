/**
 * Finds the files that judge a change, such as tests and their settings, and that the change itself alters. This file reads the trees;
 * the gate `tampering` judges.
 */
import { digestOf } from '../../inspect/digest';
import { findTampering, formerTamperingText, tamperingText } from '../../domain/evidence/tampering';
import type { Locked, PathChange, TouchedFile } from '../../domain/evidence/tampering';
import type { GateFindings } from '../../domain/findings';
import { findingsOf, judgeAll, reasonsOf } from '../../domain/gates';
import type { ProjectOverrides } from '../../ports/checkouts';
import type { TreeAt } from '../../ports/workspace';
import type { StartRequest } from '../../requests/start-request';
import type { PhaseTask } from '../contract';
import type { Deps } from '../deps';
import { calledAtBase } from './changed-tests';
import { filesThatRan, judgesAt, scriptsCalledBy } from './judges';
import { unlock } from './locked-tests';
import { findTestMethod } from './run-tests';
import { findSparedEdits } from './spared-edits';
import type { ExemptEdit } from '../../inspect/readings/spared-edits';

interface CheckedChange {
  base: string;
  commit: string;
  request: Pick<StartRequest, 'commands' | 'release'>;
  overrides: ProjectOverrides;
}

/** The change's edits of tests and settings by which it is judged. */
export interface Touched {
  objections: string[];
  /** Findings that a person may approve. */
  findings: GateFindings;
  /** The lock without the locked tests whose changes a person has approved. */
  locked: Locked | null;
  /** Paths whose changes a person has approved. */
  approved: string[];
  /** Edits of old test files that need no approval. */
  spared: ExemptEdit[];
}

/** The empty result, for a commit that was checked when it was measured. */
export function untouched(locked: Locked | null): Touched {
  return { objections: [], findings: { judged: [], found: [] }, locked, approved: [], spared: [] };
}

export async function checkTampering(deps: Deps, task: PhaseTask, place: CheckedChange): Promise<Touched> {
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

/** Stores one text for each file that shows its change, so that a person can read it before the approval of its digest. */
export async function keepTexts(
  deps: Pick<Deps, 'workspace' | 'artifacts'>,
  { projectId, buildId, locked }: Pick<PhaseTask, 'projectId' | 'buildId' | 'locked'>,
  { base, commit, found }: Pick<CheckedChange, 'base' | 'commit'> & { found: PathChange[] },
): Promise<{ files: TouchedFile[]; wholeDigests: string[] }> {
  if (found.length === 0) return { files: [], wholeDigests: [] };
  const diff = await deps.workspace.diff({ projectId, buildId }, base, commit);
  const files = found.map(async (file) => {
    const { digest } = await deps.artifacts.put(tamperingText([file], { locked, diff }));
    return { ...file, digest };
  });
  return { files: await Promise.all(files), wholeDigests: [digestOf(tamperingText(found, { locked, diff }))] };
}

async function findTouched(deps: Deps, task: PhaseTask, { base, commit, request, overrides }: CheckedChange) {
  const { projectId, buildId, locked } = task;
  const at = { projectId, buildId, commit };
  const treeAtBase = { ...at, commit: base };
  const method = await findTestMethod(deps, { repo: at, base, commit, commands: request.commands, overrides });
  const ofBase = method?.isOfBase === true ? method : undefined;
  const { workdir } = await deps.checkouts.look(treeAtBase, overrides);
  const changes = await deps.workspace.contentChanges(at, base, commit);
  const ran = ofBase === undefined ? [] : await filesThatRan(deps, ofBase);
  const testCommand = ofBase === undefined ? [] : (request.commands?.test ?? ofBase.choice.command);
  const paths = changes.map(({ path }) => path);
  const judges = await judgesAt(deps, treeAtBase, { ran, asked: request, testCommand, workdir, paths });
  const isFree = ({ path }: PathChange): boolean => !Object.hasOwn(locked?.files ?? {}, path);
  const spared = await findSparedEdits(deps, {
    ...{ repo: at, base, commit, ran, judges },
    changes: changes.filter(isFree),
  });
  const calledScripts = ofBase === undefined ? [] : await calledAtBase(deps, ofBase, workdir);
  const found = findTampering({
    changes: changes.filter(({ path }) => !spared.some((edit) => edit.path === path)),
    unlocked: await unlockedPaths(deps, at, locked),
    locked,
    manifests: await changedManifests(deps, { at, before: treeAtBase, changes }),
    called: [...calledScripts, ...(await scriptsCalledBy(deps, treeAtBase, { asked: request, workdir }))],
    isJudge: (path) => judges.why(path) !== undefined,
    beganEmpty: (await deps.workspace.list(treeAtBase)).length === 0,
    runners: deps.runners,
  });
  return { found, spared };
}

/** Gives the old and new texts of each package.json that the change alters. */
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
    const text = await readTextOrNull(deps, at, path);
    return text !== null && digestOf(text) === digest ? [] : [path];
  });
  return (await Promise.all(judged)).flat();
}

async function readTextOrNull(deps: Deps, at: TreeAt, path: string): Promise<string | null> {
  // A file that is missing or that is no text differs from its lock.
  return deps.workspace.read(at, path).catch(() => null);
}
