/**
 * The Code Writer's account of its work: kept when an attempt ends, read back beside the commits that it led to.
 *
 * It is kept under the attempt's own mark before the commit is made, so that every commit of an attempt has one.
 */
import { createHash } from 'node:crypto';
import { accountKeyOf, workflowIdOf } from '../../../domain/ids';
import { markOf } from '../../../domain/trailer';
import type { AccountFacts } from '../../../domain/gates/facts';
import type { PhaseTask } from '../../contract';
import type { Deps } from '../../deps';
import type { Handed } from '../../handed';
import type { DocumentStore } from '../../../ports/documents';
import type { FileChange } from '../../../ports/workspace';
import type { ModelMessage } from '../../../ports/model';
import type { PhaseOutput } from '../../outputs';

const SAID_LIMIT_CHARS = 50_000;

type Answer = PhaseOutput<'implementation'>;

export async function keepAccount(
  documents: DocumentStore,
  task: PhaseTask,
  { output, messages }: { output: Answer; messages: ModelMessage[] },
): Promise<void> {
  const account = { files: output.files.map(claimOf), written: writtenBy(messages), said: saidBy(output) };
  await documents.keepFirst('accounts', accountKeyOf(workflowIdOf(task), task), account);
}

/** Paths of the write calls that were carried out. */
function writtenBy(messages: ModelMessage[]): string[] {
  const results = messages.flatMap((message) => (message.from === 'tools' ? message.results : []));
  const done = new Set(results.filter(({ output }) => !output.startsWith('error:')).map(({ id }) => id));
  const calls = messages.flatMap((message) => (message.from === 'model' ? message.toolCalls : []));
  return calls.flatMap(({ id, name, input }) => {
    const path = (input as { path?: unknown } | null)?.path;
    return name === 'write' && done.has(id) && typeof path === 'string' ? [path] : [];
  });
}

export async function readAccount(
  { workspace, documents }: Pick<Deps, 'workspace' | 'documents'>,
  task: PhaseTask,
  {
    base,
    commit: tip,
    implementation,
  }: { base: string; commit: string; implementation: Handed<'implementation'> | undefined },
): Promise<AccountFacts> {
  const line = await workspace.line(task, base, tip);
  const works = await Promise.all(
    line.map(async ({ commit, message, paths }) => {
      const mark = markOf(task, message);
      const account = mark && (await documents.load('accounts', accountKeyOf(workflowIdOf(task), mark)));
      return { commit, paths, phase: mark?.phase ?? null, account };
    }),
  );
  const last = works.filter(({ phase }) => phase === 'implementation').at(-1)?.account;
  const given = implementation?.output ?? {};
  return {
    commits: works.map(({ commit, phase, paths, account }) => ({
      ...{ commit, phase, paths },
      accounted: account ? [...account.written, ...account.files.map(({ path }) => path)] : null,
    })),
    handedOver: last?.files ?? filesOf(given.files).map(claimOf),
    listed: given.files_changed ?? [],
    said: [...works.map(({ account }) => account?.said ?? ''), saidBy(given)].join('\n'),
  };
}

/** git's own name of a content. */
function claimOf({ path, content }: FileChange): { path: string; blob: string | null } {
  if (content === null) return { path, blob: null };
  const bytes = Buffer.from(content, 'utf8');
  return { path, blob: createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex') };
}

type Words = Partial<Pick<Answer, 'summary' | 'technical_notes' | 'fixed'>>;

function saidBy({ summary = '', technical_notes: notes = [], fixed = [] }: Words): string {
  return [summary, ...notes, ...fixed].join('\n').slice(0, SAID_LIMIT_CHARS);
}

function filesOf(files: Array<Partial<FileChange>> = []): FileChange[] {
  return files.flatMap(({ path, content }) => (path === undefined || content === undefined ? [] : [{ path, content }]));
}
