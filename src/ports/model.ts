/**
 * The interface of a model: its requests, its answers and the tokens that they use. Types only.
 */
import type { z } from 'zod';
import type { Phase, Role } from '../domain/roles';
import type { AnswerJournal } from './answer-journal';
import type { Purse } from './purse';

/** The model of a role, or a fallback chain of models. One call gives one answer. */
export interface RoleModel {
  /** `provider:id`, as configured. */
  readonly id: string;
  /** True if answers come from a file and not from a model. */
  readonly scripted: boolean;
  /** The number of models of the fallback chain; absent: 1. */
  readonly links?: number;
  /** The largest request in characters, if it is known from the settings or from an earlier refusal. */
  readonly windowChars?: number | undefined;
  /**
   * Pays for at most one answer. A request that a server refuses as malformed may be sent again at once in another form, because a
   * refusal costs nothing.
   */
  call(request: ModelRequest): Promise<ModelReply>;
}
export interface ModelRequest {
  role: Role;
  phase: Phase;
  generation: number;
  /** Counts from 1. */
  attempt: number;
  /** The number of the call in the attempt, from 1. */
  step: number;
  system: string;
  messages: ModelMessage[];
  /** The schema of the final answer. */
  schema: z.ZodType;
  /** The tools of the role; the adapter adds `finish`. A provider without tools answers with the final output at once. */
  tools?: Record<string, ToolOffer>;
  /** The first link of the fallback chain to call, from 0. Answers of earlier links were unusable. */
  link?: number | undefined;
  /** The link that gave the last answer of this conversation. It is called first, because its provider has the conversation cached. */
  lastLink?: number | undefined;
  /** True if the caller has another model to call when this one is held back; set by a fallback chain. */
  hasNext?: boolean;
  /**
   * Sent as `Idempotency-Key: <key>.<12 hex digits of model and body>`. A provider or proxy that supports the header then charges a
   * repeated call once, and treats a different body as a new call.
   */
  idempotencyKey?: string;
  /** Loads the bytes of a file of the request by its digest. */
  loadFile?: (digest: string) => Promise<Uint8Array>;
  /** Stores the answer while it arrives, and has the part that a killed worker received. */
  journal?: AnswerJournal;
  /** Reserves the cost of each HTTP request before it is sent. Absent: the call has no budget. */
  purse?: Purse | undefined;
  signal: AbortSignal;
}
export interface ToolOffer {
  description: string;
  input: z.ZodType;
}
export type ModelMessage =
  | { from: 'user'; text: string; files?: InputFile[] }
  | { from: 'model'; text: string; toolCalls: ToolCall[]; native?: NativeTurn | undefined }
  | { from: 'tools'; results: ToolResult[] };
/** A file of the start request that is no text, such as an image. */
export interface InputFile {
  name: string;
  mediaType: string;
  digest: string;
}
/** A model's turn in the form of its provider, with reasoning and signatures. It is sent to this model only. */
export interface NativeTurn {
  /** `provider:id`. */
  model: string;
  /** JSON in the form of the provider's adapter. */
  content: unknown;
}
export interface ToolCall {
  /** Unique in the conversation. */
  id: string;
  name: string;
  /** An object in each call that is sent back to a provider. */
  input: unknown;
  /** The reason why the arguments could not be read. Such a call is not carried out, and its `input` is empty. */
  broken?: string;
}
export interface ToolResult {
  id: string;
  name: string;
  output: string;
  /** The artifact with the complete output. Absent if `output` is complete. */
  digest?: string;
}
/** Numbers of tokens; null if the provider gave none. An unknown number is never zero. */
export interface TokenUsage {
  inputTokens: number | null;
  outputTokens: number | null;
  /** The part of the input that was read from the provider's cache. */
  cachedInputTokens?: number | null;
  /** The part of the input that was written to the provider's cache. Absent: not reported. */
  cacheWriteTokens?: number;
  /** The part of the output that was reasoning. Absent: not reported. */
  reasoningTokens?: number;
  /** The number of paid calls without a complete answer, whose tokens are not known. */
  unknownCalls?: number;
}
export type ModelReply = {
  model: string;
  /** The link of the fallback chain that answered, from 0. */
  link?: number;
  scripted: boolean;
  usage: TokenUsage;
  /** The number of paid HTTP calls for this reply: 1 for a model, 0 for a script. */
  calls: number;
  /** This turn in the form of its provider. */
  native?: NativeTurn;
} & ({ kind: 'output'; output: unknown } | { kind: 'tools'; text: string; toolCalls: ToolCall[] } | UnusableAnswer);
/** An answer that was paid for and cannot be used. Its tool calls are not carried out. */
export interface UnusableAnswer {
  kind: 'unusable';
  /** `cut`: the answer reached the limit of output tokens. `calls_in_text`: the text contains tool calls. */
  reason: 'empty' | 'not_json' | 'misfit' | 'cut' | 'calls_in_text';
  /** The part of the answer that is shown to the model again; may be empty. */
  text: string;
  /** The message for the model: the fault, and how to answer. It quotes the answer only inside a data block. */
  says: string;
  /** The same in one line for people, without a quotation of the answer. */
  summary: string;
}
