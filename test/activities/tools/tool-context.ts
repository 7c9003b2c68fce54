/** Runs tools with real git and a real artifact store, in one conversation that continues from call to call. */
import { join } from 'node:path';
import { execFileSync } from 'node:child_process';
import type { Role } from '../../../src/domain/roles';
import { resultsIn, seenIn, useTools } from '../../../src/activities/tools';
import type { ToolContext } from '../../../src/activities/tools';
import type { Deps } from '../../../src/activities/deps';
import { createFileArtifacts } from '../../../src/adapters/artifacts/file-store';
import type { ModelMessage, ToolCall } from '../../../src/ports/model';
import { makePlace, makeUpstream } from '../../adapters/workspace/git-fixture';
import { readersHere } from '../../readers-here';

export type Call = Partial<ToolCall> & { name: string };

/** `makeFiles` writes the files of the given repository. */
export async function openTools(makeFiles: (folder: string) => void, role: Role = 'code_writer') {
  const place = makePlace();
  const path = makeUpstream(place.folder, makeFiles);
  const ids = { projectId: 'shop', buildId: 'b1' };
  const { commit: base } = await place.workspace.prepare({ ...ids, repository: { path } });
  const artifacts = createFileArtifacts(join(place.folder, 'artifacts'));
  const messages: ModelMessage[] = [];
  const state = { commit: base, touched: [] as string[] };
  let number = 0;
  /** Carries out all calls of one turn. */
  const turn = async (calls: Call[], over: Partial<ToolContext> = {}): Promise<string[]> => {
    const toolCalls = calls.map((call) => ({ id: `c${(number += 1)}`, input: {}, ...call }));
    const toolUse = await useTools(
      {
        deps: { workspace: place.workspace, artifacts, readers: readersHere } as unknown as Deps,
        ...{ task: { ...ids, approvals: [] }, role, at: { ...ids, commit: state.commit }, base, overrides: {} },
        ...{ signal: new AbortController().signal, seen: seenIn(messages), results: resultsIn(messages), ...over },
      },
      toolCalls,
    );
    state.commit = toolUse.commit;
    state.touched = toolUse.touched;
    messages.push({ from: 'model', text: '', toolCalls }, { from: 'tools', results: toolUse.results });
    return toolUse.results.map(({ output }) => output);
  };
  return {
    ...{ place, base, state, messages, artifacts, turn },
    use: async (name: string, input: unknown = {}, over: Partial<ToolContext> = {}) =>
      (await turn([{ name, input }], over))[0] ?? '',
    bytes: (file: string) =>
      execFileSync(
        'git',
        [`--git-dir=${join(place.root, 'shop.git')}`, 'cat-file', 'blob', `${state.commit}:${file}`],
        {
          maxBuffer: 64 * 1024 * 1024,
        },
      ),
    modeOf: async (file: string) =>
      (await place.workspace.entries({ ...ids, commit: state.commit })).find((one) => one.path === file)?.mode,
    changed: async () =>
      (await place.workspace.changes(ids, base, state.commit)).map(({ path: file, added, removed }) => [
        file,
        added,
        removed,
      ]),
    close: place.remove,
  };
}
export type Tools = Awaited<ReturnType<typeof openTools>>;
