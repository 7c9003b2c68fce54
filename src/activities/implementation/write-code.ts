/**
 * Implementation: one step of the Code Writer. Each is one model call; between steps stand a transcript and a tree.
 */
import { Context } from '@temporalio/activity';
import { Failure } from '../../domain/failures';
import { judgeAll, reasonsOf } from '../../domain/gates';
import type { Outcome } from '../../domain/build/outcomes';
import { askRole, usageOf } from '../ask-role';
import { startingCommit } from '../starting-commit';
import type { CodeTask } from '../contract';
import type { Deps } from '../deps';
import type { ProjectWish } from '../../ports/checkouts';
import type { ModelMessage, ModelReply } from '../../ports/model';
import type { TreeAt } from '../../ports/workspace';
import { keepAccount } from '../verification/facts/account';
import { keepDiff } from '../keep-diff';
import { codeSchema } from '../outputs';
import type { PhaseOutput } from '../outputs';
import { loadJson } from '../load-request';
import { roleContext } from '../role-context';
import type { Sources } from '../sources';
import { wishOf } from '../../requests/start-request';
import { resultsIn, seenIn, toolsFor, useTools } from '../tools';

/** As often an answer with refused paths is given back; each costs a call. */
const REFUSALS = 2;
const REFUSED = 'None of these files was written:';

interface Bench {
  deps: Deps;
  task: CodeTask;
  base: string;
  /** The commit that this attempt began on: what it publishes has this one as parent. */
  began: string;
  at: TreeAt;
  messages: ModelMessage[];
  wish: ProjectWish;
}

export async function writeCode(deps: Deps, task: CodeTask, sources: Sources): Promise<Outcome> {
  const { base, commit: began } = await startingCommit(deps, task, sources.request);
  const { projectId, buildId, requestKey } = task;
  const at = { projectId, buildId, requestKey, commit: task.tree ?? began };
  const messages = await conversation(deps, task, { sources, base, commit: at.commit });
  const bench = { deps, task, base, began, at, messages, wish: wishOf(sources.request) };
  const reply = await askRole(deps, task, { step: task.step, messages, tools: toolsFor('code_writer') });
  if (reply.kind === 'unusable') throw new Failure('Role.OutputInvalid', `${reply.model}: ${reply.summary}`);
  return reply.kind === 'tools' ? useAndGoOn(bench, reply) : finish(bench, reply);
}

async function conversation(
  deps: Deps,
  task: CodeTask,
  subject: { sources: Sources; base: string; commit: string },
): Promise<ModelMessage[]> {
  if (task.transcript !== null) return (await loadJson(deps.artifacts, task.transcript)) as ModelMessage[];
  return [{ from: 'user', text: await roleContext(deps, task, subject) }];
}

async function useAndGoOn(bench: Bench, reply: ModelReply & { kind: 'tools' }): Promise<Outcome> {
  const { text, toolCalls } = reply;
  const signal = Context.current().cancellationSignal;
  const shown = { seen: seenIn(bench.messages), results: resultsIn(bench.messages) };
  const { results, commit } = await useTools({ ...bench, ...shown, role: 'code_writer', signal }, toolCalls);
  const more: ModelMessage[] = [
    { from: 'model', text, toolCalls },
    { from: 'tools', results },
  ];
  return anotherStep(bench, reply, { more, tree: commit });
}

async function finish(bench: Bench, reply: ModelReply & { kind: 'output' }): Promise<Outcome> {
  const { deps, task, began, at, messages } = bench;
  const output = codeSchema.parse(reply.output);
  let tree = at.commit;
  try {
    if (output.files.length > 0) ({ commit: tree } = await deps.workspace.apply(at, output.files, output.summary));
  } catch (error) {
    if (!(error instanceof Failure) || error.type !== 'Workspace.PathRefused') throw error;
    if (messages.filter(isRefusal).length >= REFUSALS) throw new Failure('Role.OutputInvalid', error.message);
    const text = JSON.stringify(output);
    const more: ModelMessage[] = [
      { from: 'model', text, toolCalls: [] },
      {
        from: 'user',
        text: `${REFUSED} ${error.message}. Answer again with paths that are allowed.`,
      },
    ];
    return anotherStep(bench, reply, { more, tree: at.commit });
  }
  const changes = await deps.workspace.contentChanges(at, began, tree);
  await keepAccount(deps.documents, task, { output, messages, changes });
  const { phase, generation, attempt, turn } = task;
  const mark = { phase, generation, attempt, turn };
  const published = await deps.workspace.publish({ ...at, commit: began }, { tree, message: output.summary, mark });
  return worked(bench, reply, { output, ...published });
}

async function worked(
  { deps, task, base, began }: Bench,
  reply: ModelReply,
  { output, commit, changed }: { output: PhaseOutput<'implementation'>; commit: string; changed: string[] },
): Promise<Outcome> {
  const diff = await keepDiff(deps, task, { from: began, to: commit });
  const kept = await deps.artifacts.put(JSON.stringify({ ...output, commit, files_changed: changed, diff }));
  const mayStand = task.approvals.length > 0 && commit !== base;
  const objections = reasonsOf(judgeAll('answer_of_coder', { changed, mayStand }));
  const unchanged = changed.length === 0 && commit !== base ? { isUnchanged: true as const } : {};
  const notes = `${changed.length} ${changed.length === 1 ? 'file' : 'files'} changed: ${changed.slice(0, 8).join(', ')}`;
  return {
    kind: 'worked',
    by: reply.model,
    usage: usageOf(reply),
    output: kept,
    base,
    commit,
    objections,
    ...unchanged,
    notes,
  };
}

async function anotherStep(
  bench: Bench,
  reply: ModelReply,
  { more, tree }: { more: ModelMessage[]; tree: string },
): Promise<Outcome> {
  const transcript = JSON.stringify([...bench.messages, ...more]);
  const { digest } = await bench.deps.artifacts.put(transcript);
  return { kind: 'step', transcript: digest, tree, base: bench.base, usage: usageOf(reply) };
}

function isRefusal(message: ModelMessage): boolean {
  return message.from === 'user' && message.text.startsWith(REFUSED);
}
