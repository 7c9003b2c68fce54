/**
 * Holds the conversation of one attempt with its model, and stores it as an artifact between two steps.
 */
import type { UsedTokens } from '../../domain/build/usage';
import type { GuideRef } from '../../domain/guides';
import type { ModelMessage } from '../../ports/model';
import type { ArtifactStore } from '../../ports/artifacts';
import type { AskedQuestion } from './person-messages';
import { loadJson } from '../load-request';
import type { FirstMessage } from '../role-context';

export interface Conversation {
  messages: ModelMessage[];
  /** Files for agents that the first message shows. Absent in conversations of older workers. */
  guides?: GuideRef[];
  /** JSON that the phase measured before the first call; each phase has its own shape. */
  prepared?: unknown;
  /** The index, from 0, of the model in the fallback chain that the next call begins with (a stored name). */
  link: number;
  /** The index of the model that gave the last answer. Absent before the first answer, and in conversations of older workers. */
  lastLink?: number | undefined;
  /** The number of unusable answers in a row. */
  unusable: number;
  /** The number of usable messages: those before the first of these unusable answers. */
  sound: number;
  /** The number of turns in which a tool call had the same result since the last change of the tree, by the digest of both. */
  repeats: Record<string, number>;
  /** Calls and tokens of this attempt so far; null: not known. Absent in conversations of older workers. */
  used?: UsedTokens;
  /** The questions that this attempt asked a person. Absent before the first. */
  asked?: AskedQuestion[];
  /** Paths that the role's tools changed. */
  touched: string[];
  /** The last commit that this attempt published. */
  published?: string;
}

export function beginConversation({ text, files, guides }: FirstMessage, prepared?: unknown): Conversation {
  const first: ModelMessage = { from: 'user', text, ...(files.length === 0 ? {} : { files }) };
  const conversation = { messages: [first], guides, link: 0, unusable: 0, sound: 1, repeats: {}, touched: [] };
  return prepared === undefined ? conversation : { ...conversation, prepared };
}

/** Loads the conversation; null in the first step. Older workers stored only the list of messages. */
export async function loadConversation(
  artifacts: ArtifactStore,
  digest: string | null | undefined,
): Promise<Conversation | null> {
  if (digest == null) return null;
  const stored = (await loadJson(artifacts, digest)) as Conversation | ModelMessage[];
  if (!Array.isArray(stored)) return stored;
  return { messages: stored, link: 0, unusable: 0, sound: stored.length, repeats: {}, touched: pathsWrittenIn(stored) };
}

/** Gives the paths of `write` calls that were carried out. In older workers no other tool changed files. */
function pathsWrittenIn(messages: ModelMessage[]): string[] {
  const results = messages.flatMap((message) => (message.from === 'tools' ? message.results : []));
  const idsOfSuccess = new Set(results.filter(({ output }) => !output.startsWith('error:')).map(({ id }) => id));
  const calls = messages.flatMap((message) => (message.from === 'model' ? message.toolCalls : []));
  return calls.flatMap(({ id, name, input }) => {
    const path = (input as { path?: unknown } | null)?.path;
    return name === 'write' && idsOfSuccess.has(id) && typeof path === 'string' ? [path] : [];
  });
}

export async function keepConversation(artifacts: ArtifactStore, conversation: Conversation): Promise<string> {
  return (await artifacts.put(JSON.stringify(conversation))).digest;
}

/** Adds the calls and tokens of an answer. One unknown number makes its sum unknown. */
export function withUsed(conversation: Conversation, usage: UsedTokens): Conversation {
  const { calls, inputTokens, outputTokens } = conversation.used ?? { calls: 0, inputTokens: 0, outputTokens: 0 };
  const add = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : a + b);
  const used = {
    calls: calls + usage.calls,
    inputTokens: add(inputTokens, usage.inputTokens),
    outputTokens: add(outputTokens, usage.outputTokens),
  };
  return { ...conversation, used };
}

/** Adds the messages of a usable answer, and resets the number of unusable ones. */
export function withMessages(conversation: Conversation, more: ModelMessage[]): Conversation {
  const messages = [...conversation.messages, ...more];
  return { ...conversation, messages, unusable: 0, sound: messages.length };
}
