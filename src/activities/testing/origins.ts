/**
 * Finds where the code of a change comes from, by reading its files before anything of it is installed. This file reads the trees; the
 * gate `origins` judges.
 */
import { saysOrigins } from '../../inspect/origins/unknown-origins';
import { findingsOf, judgeAll, reasonsOf } from '../../domain/gates';
import { isApproved } from '../../domain/findings';
import { describeOrigin, originsText } from '../../domain/origins';
import type { OriginFact, OriginsOfFile } from '../../domain/origins';
import type { PathChange } from '../../domain/evidence/tampering';
import type { RepoId } from '../../ports/workspace';
import type { PhaseTask } from '../contract';
import type { Deps } from '../deps';
import { commitHandedOver } from '../implementation/claimed-files';
import { runReader } from '../run-reader';
import type { Sources } from '../sources';
import type { Touched } from './tampering';

interface Span {
  base: string;
  commit: string;
}

interface OriginsCheck extends Pick<Touched, 'objections' | 'findings'> {
  /** False where the change takes code from an unknown place that no person has approved. Then nothing may be installed. */
  isInstallable: boolean;
}

/** Adds the objections and findings about origins to those about tampering. */
export async function withOrigins(
  deps: Deps,
  task: PhaseTask,
  { touched, ...span }: Span & { touched: Touched },
): Promise<Touched & OriginsCheck> {
  const { objections, findings, isInstallable } = await checkOrigins(deps, task, span);
  return {
    ...{ ...touched, isInstallable, objections: [...touched.objections, ...objections] },
    findings: {
      judged: [...touched.findings.judged, ...findings.judged],
      found: [...touched.findings.found, ...findings.found],
    },
  };
}

/** Gives the check of a commit that must not be installed because of its origins; null where it may, or where it was measured before. */
export async function blockedByOrigins(
  deps: Deps,
  task: PhaseTask,
  sources: Sources,
): Promise<(OriginsCheck & Span) | null> {
  if (task.commit !== null && task.evidence?.commit === task.commit) return null;
  const { base, commit } = await commitHandedOver(deps, task, sources);
  const check = await checkOrigins(deps, task, { base, commit });
  return check.isInstallable ? null : { ...check, base, commit };
}

/** Judges the origins of a change, without an installation. */
export async function checkOrigins(
  deps: Pick<Deps, 'workspace' | 'artifacts' | 'readers'>,
  { projectId, buildId, approvals, phase }: PhaseTask,
  span: Span,
): Promise<OriginsCheck> {
  const files = await originsOf(deps, { projectId, buildId }, span);
  const judged = judgeAll('origins', { files, approvals, phase });
  const findings = findingsOf(judged);
  return { objections: reasonsOf(judged), findings, isInstallable: findings.found.length === 0 };
}

/**
 * Gives the reasons why nothing may be installed while a role still writes the change. Facts about code that runs only in production
 * (`runsAfterInstallation`) do not count yet; the gate judges them later.
 */
export async function refusedOrigins(
  deps: Pick<Deps, 'workspace' | 'artifacts' | 'readers'>,
  { projectId, buildId, approvals }: Pick<PhaseTask, 'projectId' | 'buildId' | 'approvals'>,
  span: Span,
): Promise<string[]> {
  const files = await originsOf(deps, { projectId, buildId }, span);
  const open = files.filter(({ digest }) => !isApproved(approvals, 'origins', digest));
  return open.flatMap(({ facts }) =>
    facts.filter(({ runsAfterInstallation }) => runsAfterInstallation !== true).map(describeOrigin),
  );
}

async function originsOf(
  deps: Pick<Deps, 'workspace' | 'artifacts' | 'readers'>,
  repo: RepoId,
  { base, commit }: Span,
): Promise<OriginsOfFile[]> {
  const { workspace, artifacts } = deps;
  const changes = await workspace.contentChanges(repo, base, commit);
  const found = await factsOf(deps, repo, { base, commit, changes });
  if (found.size === 0) return [];
  const diff = await workspace.diff(repo, base, commit);
  const files = [...found].map(async ([change, facts]) => {
    const { digest } = await artifacts.put(originsText(facts, change, diff));
    return { path: change.path, digest, facts };
  });
  return Promise.all(files);
}

async function factsOf(
  deps: Pick<Deps, 'workspace' | 'readers'>,
  repo: RepoId,
  { base, commit, changes }: Span & { changes: PathChange[] },
): Promise<Map<PathChange, OriginFact[]>> {
  const { workspace } = deps;
  const judged = changes.filter(({ path, after }) => after !== null && saysOrigins(path));
  if (judged.length === 0) return new Map();
  const [atBase, at] = [
    { ...repo, commit: base },
    { ...repo, commit },
  ];
  const changedPathsAtBase = changes.filter(({ before }) => before !== null).map(({ path }) => path);
  const paths = (await workspace.list(at)).map(({ path }) => path);
  const manifests = paths.filter((path) => /(^|\/)package\.json$/.test(path) && !path.includes('node_modules/'));
  const sources = judged.some(({ path }) => /(^|\/)go\.(mod|work)$/.test(path))
    ? changes.filter(({ path, after }) => after !== null && path.endsWith('.go')).map(({ path }) => path)
    : [];
  const [before, after] = await Promise.all([
    workspace.contents(atBase, changedPathsAtBase.filter(saysOrigins)),
    workspace.contents(at, [...judged.map(({ path }) => path), ...manifests, ...sources]),
  ]);
  const textsOf = (names: string[]): string[] => names.flatMap((path) => after.get(path) ?? []);
  const files = judged.map((change) => ({
    path: change.path,
    before: before.get(formerPath(change, changes)) ?? null,
    after: after.get(change.path) ?? null,
  }));
  const found = await runReader(deps, 'origins', { files, manifests: textsOf(manifests), sources: textsOf(sources) });
  return new Map(judged.flatMap((change, index) => (found[index]?.length ? [[change, found[index]] as const] : [])));
}

/** Gives the path at the base: for a moved file, the path of a deleted file with the same name. */
function formerPath({ path, before }: PathChange, changes: PathChange[]): string {
  if (before !== null) return path;
  const name = (full: string): string => full.slice(full.lastIndexOf('/') + 1);
  return changes.find((change) => change.after === null && name(change.path) === name(path))?.path ?? path;
}
