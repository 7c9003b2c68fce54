/**
 * The Code Writer's tools: list, read, search, write, run. They work from commit to commit, never on a shared tree.
 *
 * What a model asks for wrongly is answered in words, so that it can do better; it never fails the activity.
 */
import { z } from 'zod';
import { Failure } from '../../domain/failures';
import type { PhaseTask } from '../contract';
import type { Deps } from '../deps';
import type { ProjectWish } from '../../ports/checkouts';
import type { ToolCall } from '../../ports/model';
import { refusedOrigins } from '../testing/origins';
import { refusedPackages } from '../verification/facts/changed-packages';
import type { TreeAt } from '../../ports/workspace';

const OUTPUT_LIMIT_CHARS = 32_000;

export const CODE_TOOLS = {
  list: { description: 'Lists the files of the repository with their sizes in bytes.', input: z.object({}) },
  read: { description: 'Reads one text file.', input: z.object({ path: z.string() }) },
  search: {
    description: 'Finds lines that contain a text, in all files.',
    input: z.object({ text: z.string().min(1) }),
  },
  write: {
    description:
      'Writes a whole file: content (text), or content null and base64 (bytes); without both it is deleted. A file keeps its encoding, its line ends and its mode; executable sets the mode.',
    input: z.object({
      path: z.string(),
      content: z.string().nullable(),
      base64: z.string().nullable().optional(),
      executable: z.boolean().nullable().optional(),
    }),
  },
  run: {
    description:
      'Runs a command in the project folder of a copy of the tree, with its packages installed, without network; files it changes are not kept.',
    input: z.object({ command: z.array(z.string()).min(1) }),
  },
};

type Inputs = { [N in keyof typeof CODE_TOOLS]: z.infer<(typeof CODE_TOOLS)[N]['input']> };
interface Bench {
  deps: Deps;
  task: Pick<PhaseTask, 'projectId' | 'buildId' | 'approvals'>;
  at: TreeAt;
  /** The build's base commit. */
  base: string;
  wish: ProjectWish;
  signal: AbortSignal;
}
interface Used {
  output: string;
  /** The commit to go on from. */
  commit: string;
}

/** Carries out the calls in their order; gives their outputs and the commit after the last one. */
export async function useTools({ at: start, ...bench }: Bench, calls: ToolCall[]) {
  const results: Array<{ id: string; name: string; output: string }> = [];
  let { commit } = start;
  for (const call of calls) {
    const used = await useTool({ ...bench, at: { ...start, commit } }, call);
    commit = used.commit;
    results.push({ id: call.id, name: call.name, output: clip(used.output) });
  }
  return { results, commit };
}

async function useTool(bench: Bench, call: ToolCall): Promise<Used> {
  const { commit } = bench.at;
  if (!Object.hasOwn(CODE_TOOLS, call.name)) return { commit, output: `error: there is no tool "${clip(call.name)}"` };
  const name = call.name as keyof typeof CODE_TOOLS;
  const input = CODE_TOOLS[name].input.safeParse(call.input);
  if (!input.success) return { commit, output: `error: ${z.prettifyError(input.error)}` };
  try {
    return await carryOut(bench, name, input.data);
  } catch (error) {
    // A path that is refused, or packages that its own change keeps from being installed, are the model's mistake.
    if (error instanceof Failure && /^(Workspace|Environment|Change)\./.test(error.type))
      return { commit, output: `error: ${error.message}` };
    throw error;
  }
}

async function carryOut(bench: Bench, name: keyof Inputs, input: unknown): Promise<Used> {
  const { deps, at } = bench;
  switch (name) {
    case 'list': {
      const files = await deps.workspace.list(at);
      return { commit: at.commit, output: files.map((file) => `${file.path} ${file.bytes}`).join('\n') || '(empty)' };
    }
    case 'read':
      return { commit: at.commit, output: await read(bench, (input as Inputs['read']).path) };
    case 'search': {
      const hits = await deps.workspace.search(at, (input as Inputs['search']).text);
      return {
        commit: at.commit,
        output: hits.map((hit) => `${hit.path}:${hit.line}: ${hit.text}`).join('\n') || '(nothing)',
      };
    }
    case 'write': {
      const change = input as Inputs['write'];
      const { commit } = await deps.workspace.apply(at, [change], `write ${change.path}`);
      return { commit, output: change.content === null && change.base64 == null ? 'deleted' : 'written' };
    }
    case 'run':
      return { commit: at.commit, output: await run(bench, (input as Inputs['run']).command) };
  }
}

async function read({ deps, at }: Bench, path: string): Promise<string> {
  const { text, encoding } = await deps.workspace.readFile(at, path);
  return encoding === 'utf-8' ? text : `[not UTF-8: read as latin-1, and written back as latin-1]\n${text}`;
}

/** As the measured run: with the same packages, in the same folder, with the same variables. */
async function run({ deps, task, at, base, wish, signal }: Bench, command: string[]): Promise<string> {
  const span = { base, commit: at.commit };
  const unknown = await refusedOrigins(deps, task, span);
  const refused = [...unknown, ...(unknown.length > 0 ? [] : await refusedPackages(deps, { repo: at, ...span }))];
  if (refused.length > 0) return `error: nothing was run: ${refused.join('; ')}`;
  const result = await deps.checkouts.with({ at, base, wish, signal }, (checkout) =>
    checkout.run({ command, timeoutMs: deps.testTimeoutMs, signal }),
  );
  const end = result.timedOut ? 'ran out of time' : `exit code ${result.exitCode ?? 'none (killed)'}`;
  return `${end}\n${result.output}`;
}

function clip(text: string): string {
  if (text.length <= OUTPUT_LIMIT_CHARS) return text;
  const half = OUTPUT_LIMIT_CHARS / 2;
  return `${text.slice(0, half)}\n[${text.length - OUTPUT_LIMIT_CHARS} characters cut]\n${text.slice(-half)}`;
}
