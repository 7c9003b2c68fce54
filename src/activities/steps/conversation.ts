/**
 * The conversation of one attempt with its model: what was said so far, kept as an artifact between two steps.
 */
import type { UsedTokens } from '../../domain/build/usage';
import type { GuideRef } from '../../domain/guides';
import type { ModelMessage } from '../../ports/model';
import type { ArtifactStore } from '../../ports/artifacts';
import { loadJson } from '../load-request';
import type { FirstMessage } from '../role-context';

export interface Conversation {
  messages: ModelMessage[];
  /** Files for agents that the first message shows. Absent in conversations of older workers. */
  guides?: GuideRef[];
  /** What the phase measured before the first call; its own shape. */
  prepared?: unknown;
  /** The link of the fallback chain that is asked now, from 0. */
  link: number;
  /** The link that gave the last answer. Absent before it, and in conversations of older workers. */
  lastLink?: number | undefined;
  /** Answers in a row that could not be used. */
  unusable: number;
  /** How many messages there were before the first of these. */
  sound: number;
  /** How often each call had the same result since the tree was changed last, by the digest of both. */
  repeats: Record<string, number>;
  /** What the answers of this attempt used so far; null: not known. Absent in conversations of older workers. */
  used?: UsedTokens;
  /** Paths that its tools changed. */
  touched: string[];
  /** The last commit that this attempt published. */
  published?: string;
}

export function beginConversation({ text, files, guides }: FirstMessage, prepared?: unknown): Conversation {
  const first: ModelMessage = { from: 'user', text, ...(files.length === 0 ? {} : { files }) };
  const begun = { messages: [first], guides, link: 0, unusable: 0, sound: 1, repeats: {}, touched: [] };
  return prepared === undefined ? begun : { ...begun, prepared };
}

/** Null where none has begun. An attempt of an older worker kept its messages only. */
export async function loadConversation(
  artifacts: ArtifactStore,
  digest: string | null | undefined,
): Promise<Conversation | null> {
  if (digest == null) return null;
  const kept = (await loadJson(artifacts, digest)) as Conversation | ModelMessage[];
  if (!Array.isArray(kept)) return kept;
  return { messages: kept, link: 0, unusable: 0, sound: kept.length, repeats: {}, touched: writtenIn(kept) };
}

/** Paths of the write calls that were carried out: the only tool that changed anything then. */
function writtenIn(messages: ModelMessage[]): string[] {
  const results = messages.flatMap((message) => (message.from === 'tools' ? message.results : []));
  const done = new Set(results.filter(({ output }) => !output.startsWith('error:')).map(({ id }) => id));
  const calls = messages.flatMap((message) => (message.from === 'model' ? message.toolCalls : []));
  return calls.flatMap(({ id, name, input }) => {
    const path = (input as { path?: unknown } | null)?.path;
    return name === 'write' && done.has(id) && typeof path === 'string' ? [path] : [];
  });
}

export async function keepConversation(artifacts: ArtifactStore, conversation: Conversation): Promise<string> {
  return (await artifacts.put(JSON.stringify(conversation))).digest;
}

/** With what another answer used; one unknown makes the sum unknown. */
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

/** With more said; an answer that could be used ends the row of those that could not. */
export function withSaid(conversation: Conversation, more: ModelMessage[]): Conversation {
  const messages = [...conversation.messages, ...more];
  return { ...conversation, messages, unusable: 0, sound: messages.length };
}
