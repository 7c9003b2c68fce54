/**
 * Stores the Code Writer's account of its work at the end of an attempt, and reads the accounts of a build's commits.
 *
 * An account is stored under the attempt's mark before the commit is made, so that every commit of an attempt has one.
 */
import { createHash } from 'node:crypto';
import type { PathChange } from '../../../domain/evidence/tampering';
import { Failure } from '../../../domain/failures';
import { accountKeyOf } from '../../../domain/ids';
import { markOf } from '../../../domain/trailer';
import type { AccountFacts } from '../../../domain/gates/facts';
import type { PhaseTask } from '../../contract';
import type { Deps } from '../../deps';
import type { EarlierOutput } from '../../earlier-outputs';
import type { DocumentStore } from '../../../ports/documents';
import type { FileChange, TreeAt } from '../../../ports/workspace';
import type { PhaseOutput } from '../../outputs';

const MAX_ACCOUNT_CHARS = 50_000;

type Answer = PhaseOutput<'implementation'>;

/** `written`: paths that the role's tools changed. `changes`: the attempt's changes with git's ids of the contents. */
export async function keepAccount(
  documents: DocumentStore,
  task: PhaseTask,
  { output, written, changes }: { output: Answer; written: string[]; changes: PathChange[] },
): Promise<void> {
  const account = { files: claimsOf(output.files, changes), written, said: accountText(output) };
  await documents.keepFirst('accounts', accountKeyOf(task, task), account);
}

export async function readAccount(
  { workspace, documents }: Pick<Deps, 'workspace' | 'documents'>,
  task: PhaseTask,
  {
    base,
    commit: tip,
    implementation,
  }: { base: string; commit: string; implementation: EarlierOutput<'implementation'> | undefined },
): Promise<AccountFacts> {
  const line = await workspace.line(task, base, tip);
  const commitsWithAccounts = await Promise.all(
    line.map(async ({ commit, message, paths }) => {
      const mark = markOf(task, message);
      const account = mark && (await documents.load('accounts', accountKeyOf(task, mark)));
      return { commit, paths, phase: mark?.phase ?? null, account };
    }),
  );
  const last = commitsWithAccounts.filter(({ phase }) => phase === 'implementation').at(-1)?.account;
  const claimedOutput = implementation?.output ?? {};
  const parentOfLast =
    line[commitsWithAccounts.findLastIndex(({ phase }) => phase === 'implementation') - 1]?.commit ?? base;
  return {
    commits: commitsWithAccounts.map(({ commit, phase, paths, account }) => ({
      ...{ commit, phase, paths },
      accounted: account ? [...account.written, ...account.files.map(({ path }) => path)] : null,
    })),
    handedOver:
      last?.files ??
      (await claimsOfExternalFiles(workspace, { ...task, commit: parentOfLast }, filesOf(claimedOutput.files))),
    listed: claimedOutput.files_changed ?? [],
    said: [...commitsWithAccounts.map(({ account }) => account?.said ?? ''), accountText(claimedOutput)].join('\n'),
  };
}

/** Writes external files to learn git's ids of them: an old file keeps its encoding and line ends, so its bytes may differ. */
async function claimsOfExternalFiles(workspace: Deps['workspace'], at: TreeAt, files: FileChange[]): Promise<Claim[]> {
  if (files.length === 0) return [];
  try {
    const { commit } = await workspace.apply(at, files, 'files as they were handed over');
    return claimsOf(files, await workspace.contentChanges(at, at.commit, commit));
  } catch (error) {
    // Files that cannot be written are compared by their own text.
    if (error instanceof Failure && error.type.startsWith('Workspace.')) return claimsOf(files, []);
    throw error;
  }
}

interface Claim {
  path: string;
  /** Git's id of the content; null: deleted. */
  blob: string | null;
}

function claimsOf(files: FileChange[], changes: PathChange[]): Claim[] {
  const after = new Map(changes.map((change) => [change.path, change.after]));
  return files.map((file) => ({ path: file.path, blob: after.get(file.path) ?? blobOf(file) }));
}

function blobOf({ content, base64 }: FileChange): string | null {
  if (content === null && base64 == null) return null;
  const bytes = base64 == null ? Buffer.from(content ?? '', 'utf8') : Buffer.from(base64, 'base64');
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

type AccountTexts = Partial<Pick<Answer, 'summary' | 'technical_notes' | 'fixed'>>;

function accountText({ summary = '', technical_notes: notes = [], fixed = [] }: AccountTexts): string {
  return [summary, ...notes, ...fixed].join('\n').slice(0, MAX_ACCOUNT_CHARS);
}

function filesOf(files: Array<Partial<FileChange>> = []): FileChange[] {
  return files.flatMap(({ path, content, ...more }) =>
    path === undefined || content === undefined ? [] : [{ path, content, ...more }],
  );
}
