/**
 * Looks where the code of a change comes from, by its texts alone and before anything of it is installed. The gate `origins`
 * judges; here the trees are read.
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
import { handedOver } from '../implementation/claimed-files';
import { runReader } from '../run-reader';
import type { Sources } from '../sources';
import type { Touched } from './tampering';

interface Span {
  base: string;
  commit: string;
}

interface Looked extends Pick<Touched, 'objections' | 'findings'> {
  /** False where the change says in an unknown form, and unapproved, where code comes from: nothing of it is installed. */
  isInstallable: boolean;
}

/** The same beside what else speaks against the change. */
export async function withOrigins(
  deps: Deps,
  task: PhaseTask,
  { touched, ...span }: Span & { touched: Touched },
): Promise<Touched & Looked> {
  const { objections, findings, isInstallable } = await checkOrigins(deps, task, span);
  return {
    ...{ ...touched, isInstallable, objections: [...touched.objections, ...objections] },
    findings: {
      judged: [...touched.findings.judged, ...findings.judged],
      found: [...touched.findings.found, ...findings.found],
    },
  };
}

/** What holds a commit that was not measured here, so that nothing of it is installed; null where nothing does. */
export async function heldByOrigins(deps: Deps, task: PhaseTask, sources: Sources): Promise<(Looked & Span) | null> {
  if (task.commit !== null && task.evidence?.commit === task.commit) return null;
  const { base, commit } = await handedOver(deps, task, sources);
  const looked = await checkOrigins(deps, task, { base, commit });
  return looked.isInstallable ? null : { ...looked, base, commit };
}

/** What speaks against installing it. */
export async function checkOrigins(
  deps: Pick<Deps, 'workspace' | 'artifacts' | 'readers'>,
  { projectId, buildId, approvals, phase }: PhaseTask,
  span: Span,
): Promise<Looked> {
  const files = await originsOf(deps, { projectId, buildId }, span);
  const judged = judgeAll('origins', { files, approvals, phase });
  const findings = findingsOf(judged);
  return { objections: reasonsOf(judged), findings, isInstallable: findings.found.length === 0 };
}

/** Why nothing of it may be installed yet, while it is being written: what runs later is judged later. */
export async function refusedOrigins(
  deps: Pick<Deps, 'workspace' | 'artifacts' | 'readers'>,
  { projectId, buildId, approvals }: Pick<PhaseTask, 'projectId' | 'buildId' | 'approvals'>,
  span: Span,
): Promise<string[]> {
  const files = await originsOf(deps, { projectId, buildId }, span);
  const open = files.filter(({ digest }) => !isApproved(approvals, 'origins', digest));
  return open.flatMap(({ facts }) => facts.filter(({ isLater }) => isLater !== true).map(describeOrigin));
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
  const former = changes.filter(({ before }) => before !== null).map(({ path }) => path);
  const paths = (await workspace.list(at)).map(({ path }) => path);
  const manifests = paths.filter((path) => /(^|\/)package\.json$/.test(path) && !path.includes('node_modules/'));
  const sources = judged.some(({ path }) => /(^|\/)go\.(mod|work)$/.test(path))
    ? changes.filter(({ path, after }) => after !== null && path.endsWith('.go')).map(({ path }) => path)
    : [];
  const [before, after] = await Promise.all([
    workspace.contents(atBase, former.filter(saysOrigins)),
    workspace.contents(at, [...judged.map(({ path }) => path), ...manifests, ...sources]),
  ]);
  const textsOf = (of: string[]): string[] => of.flatMap((path) => after.get(path) ?? []);
  const files = judged.map((change) => ({
    path: change.path,
    before: before.get(formerPath(change, changes)) ?? null,
    after: after.get(change.path) ?? null,
  }));
  const found = await runReader(deps, 'origins', { files, manifests: textsOf(manifests), sources: textsOf(sources) });
  return new Map(judged.flatMap((change, at) => (found[at]?.length ? [[change, found[at]] as const] : [])));
}

/** A file that was moved has the forms that it had in its old place. */
function formerPath({ path, before }: PathChange, changes: PathChange[]): string {
  if (before !== null) return path;
  const name = (one: string): string => one.slice(one.lastIndexOf('/') + 1);
  return changes.find((one) => one.after === null && name(one.path) === name(path))?.path ?? path;
}
