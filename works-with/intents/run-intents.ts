/**
 * `npm run works-with -- --intents`: runs 20 conversations of the Code Writer with the present product and with an older commit,
 * against the same mock, and counts the bytes of all request bodies up to the answer that finishes.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../../test/until';
import { startMock } from '../engineer/mock-server';
import { errorsIn } from '../engineer/tool-errors';
import type { ReceivedRequest, MockServer, ScriptedCall, Player } from '../engineer/mock-server';
import { readIntents } from '../engineer/script';
import type { Intent, ScriptCall } from '../engineer/script';
import type { Tree } from '../shape';
import { checkOutCommit, startProduct } from './product';
import type { Product } from './product';
import { intentTree, makeIntentRepository } from './repository';

/** The last commit whose Code Writer has only the tools list, read, search, write and run. */
export const OLD_COMMIT = '0956107';
const CONVERSATION_LIMIT_MS = 300_000;
const DONE_OUTPUT = {
  ...{ summary: 'Done.', files: [], test_cases: [], documentation: '', technical_notes: [], fixed: [] },
};
const EXTERNAL = {
  q_assistant: 'external',
  code_writer: 'llm',
  test_auditor: 'external',
  verification_overseer: 'external',
  release_manager: 'external',
};

export interface IntentCounts {
  calls: number;
  bytes: number;
  /** Bytes for which a provider with a prefix cache would charge. */
  newBytes: number;
  /** Answers of tools that begin with `error:`. */
  errors: string[];
}
export interface IntentRow {
  id: string;
  intent: string;
  old: IntentCounts;
  now: IntentCounts;
}
type ProductAge = 'old' | 'now';

/** Runs the intents; gives a row for each, in the order of the list. */
export async function runIntents(names: readonly string[] = []): Promise<IntentRow[]> {
  const intents = readIntents().filter(({ id }) => names.length === 0 || names.includes(id));
  const folder = mkdtempSync(join(tmpdir(), 'q-intents-'));
  try {
    const tree = intentTree();
    const repository = join(folder, 'repository');
    makeIntentRepository(repository, tree);
    const folders = { folder, repository, tree };
    const oldCounts = await runConversations('old', intents, folders);
    const newCounts = await runConversations('now', intents, folders);
    const noCounts = { calls: 0, bytes: 0, newBytes: 0, errors: [] };
    return intents.map(({ id, intent }) => ({
      id,
      intent,
      old: oldCounts.get(id) ?? noCounts,
      now: newCounts.get(id) ?? noCounts,
    }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** True if all rows together take at most half of the bytes of the older commit, and no tool of the present product gave an error. */
export function isAtMostHalf(rows: readonly IntentRow[]): boolean {
  const sum = (age: ProductAge): number => rows.reduce((total, row) => total + row[age].bytes, 0);
  return 2 * sum('now') <= sum('old') && rows.every(({ now }) => now.errors.length === 0);
}

interface RunFolders {
  folder: string;
  repository: string;
  tree: Tree;
}

async function runConversations(
  age: ProductAge,
  intents: readonly Intent[],
  { folder, repository, tree }: RunFolders,
): Promise<Map<string, IntentCounts>> {
  let current: Intent | undefined;
  // The older commit has other system prompts. Only the Code Writer has a model here, so no prompt needs to be recognized.
  const mock = await startMock(
    (phase, turn) => (current === undefined ? '' : playerOf(current, { age, tree })(phase, turn)),
    { phaseOf: () => 'implementation' },
  );
  const countsById = new Map<string, IntentCounts>();
  const root = age === 'old' ? checkOutCommit(OLD_COMMIT, join(folder, 'old')) : join(__dirname, '../..');
  const env = {
    MODEL_CODE_WRITER: 'compatible:mock-engineer',
    COMPATIBLE_BASE_URL: mock.baseUrl,
    REPOSITORY_ROOTS: folder,
    // The older commit finds bubblewrap in three folders only. Its commands are those of intents.json: sed, ls, grep.
    ...(age === 'old' ? { SANDBOX: 'none', ALLOW_NO_SANDBOX: '1' } : {}),
  };
  const product = await startProduct({ folder: root, dataDir: join(folder, `data-${age}`), env });
  try {
    for (const intent of intents) {
      current = intent;
      countsById.set(intent.id, await runConversation({ product, mock, intent, repository }));
      process.stdout.write(`${age}  ${intent.id}  ${countsById.get(intent.id)?.bytes} bytes\n`);
    }
    return countsById;
  } finally {
    await product.stop();
    await mock.stop();
  }
}

interface ConversationInput {
  product: Product;
  mock: MockServer;
  intent: Intent;
  repository: string;
}

/** Runs one conversation up to the answer that finishes; how the build uses that answer does not matter. */
async function runConversation({ product, mock, intent, repository }: ConversationInput): Promise<IntentCounts> {
  const earlierCount = mock.requests.length;
  const path = `/api/workflows/${intent.id}`;
  await requireSuccess(
    product.post(`${path}/start`, {
      ...{ build_id: 'b1', user_id: 'ada', requirements: intent.intent, roles: EXTERNAL },
      ...{ repository: { path: repository }, retries: { per_phase: 0 } },
    }),
  );
  const advance = (role: string, completed_state: string, phase_result: object) =>
    requireSuccess(product.post(`${path}.b1/advance`, { role, completed_state, phase_result }));
  await advance('q_assistant', 'discovery', { summary: intent.intent });
  await advance('q_assistant', 'planning', { summary: intent.intent, steps: [{ text: intent.intent }] });
  await advance('q_assistant', 'handoff_to_coder', {});
  const lastIndex = (requests: readonly ReceivedRequest[]): number => requests.findIndex(({ isLast }) => isLast);
  const newRequests = () => mock.requests.slice(earlierCount);
  await until(
    () => Promise.resolve(lastIndex(newRequests())),
    (at) => at >= 0,
    CONVERSATION_LIMIT_MS,
  );
  // Waits until the build rests: later requests of it would be counted for the next conversation.
  await until(
    () => product.get(`${path}.b1/status`),
    ({ body }) => ['waiting', 'error', 'complete'].includes(String((body as { status?: unknown }).status)),
    CONVERSATION_LIMIT_MS,
  );
  const countedRequests = newRequests().slice(0, lastIndex(newRequests()) + 1);
  const sum = (size: (request: ReceivedRequest) => number): number =>
    countedRequests.reduce((total, request) => total + size(request), 0);
  return {
    calls: countedRequests.length,
    bytes: sum(({ bytes }) => bytes),
    newBytes: sum(({ newBytes }) => newBytes),
    errors: errorsIn(countedRequests),
  };
}

async function requireSuccess(answer: ReturnType<Product['post']>): Promise<void> {
  const { status, body } = await answer;
  if (status >= 300) throw new Error(`${status}: ${JSON.stringify(body)}`);
}

function playerOf({ calls, old_calls }: Intent, { age, tree }: { age: ProductAge; tree: Tree }): Player {
  const turns = age === 'old' ? old_calls : calls;
  return (_phase, turn) => {
    const scripted = turns[turn];
    if (scripted !== undefined) return scripted.map((call) => ({ name: call.tool, input: inputOf(call, tree) }));
    // The older product reads the output from the text of an answer, the present one from the tool `finish`.
    return age === 'old' ? JSON.stringify(DONE_OUTPUT) : [{ name: 'finish', input: DONE_OUTPUT }];
  };
}

/** Replaces `content_of` by the whole text of a file with one place changed: the older tools required the whole text. */
function inputOf({ input }: ScriptCall, tree: Tree): ScriptedCall['input'] {
  const content = input.content as { content_of?: string; replace?: [string, string] } | null | undefined;
  if (content?.content_of === undefined) return input;
  const text = String(tree[content.content_of]);
  const [from, to] = content.replace ?? ['', ''];
  if (!text.includes(from)) throw new Error(`${content.content_of} has no ${JSON.stringify(from)}`);
  return { ...input, content: text.replace(from, () => to) };
}
