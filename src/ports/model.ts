/**
 * A model as one role uses it.
 */
import type { z } from 'zod';
import type { Phase, Role } from '../domain/roles';
import type { AnswerJournal } from './answer-journal';

/** One model, or a fallback chain of them, as one role uses it: one call, one answer. */
export interface RoleModel {
  /** `provider:id`, as configured. */
  readonly id: string;
  /** True where answers come from a file, not from a model. */
  readonly scripted: boolean;
  /** Links of the fallback chain; 1 where it is left out. */
  readonly links?: number;
  /** Characters of a request that its context holds, as far as it is known: by its settings, or by what it refused. */
  readonly windowChars?: number | undefined;
  /**
   * At most one answer is paid for. What a server refuses as malformed may be asked again in another form at once: a refusal
   * costs nothing.
   */
  call(request: ModelRequest): Promise<ModelReply>;
}
export interface ModelRequest {
  role: Role;
  phase: Phase;
  generation: number;
  /** Counts from 1. */
  attempt: number;
  /** Counts from 1: the call's place in the attempt. */
  step: number;
  system: string;
  messages: ModelMessage[];
  /** What the final answer must look like. */
  schema: z.ZodType;
  /** Offered beside the one that finishes; a provider without tools answers with the final output at once. */
  tools?: Record<string, ToolOffer>;
  /** The first link of a fallback chain to ask, from 0: answers of those before it could not be used. */
  link?: number | undefined;
  /** The link that gave the last answer of this conversation: it is asked first, since it is at hand and has read what was said. */
  lastLink?: number | undefined;
  /**
   * Sent as `Idempotency-Key: <key>.<12 hex digits of model and body>`, so that a provider (or a proxy) that honours it charges a
   * repeated call once, and takes another body for another call.
   */
  idempotencyKey?: string;
  /** The bytes of a file of the request, by its digest. */
  loadFile?: (digest: string) => Promise<Uint8Array>;
  /** Keeps the answer while it comes, and gives what a killed worker had heard of it. */
  journal?: AnswerJournal;
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
/** An image or another file of the start request that is no text. */
export interface InputFile {
  name: string;
  mediaType: string;
  digest: string;
}
/** A model's turn as its own provider takes it back: with reasoning and signatures. Sent to this model only. */
export interface NativeTurn {
  /** `provider:id`. */
  model: string;
  /** JSON of the provider's adapter. */
  content: unknown;
}
export interface ToolCall {
  /** Of no other call of the conversation. */
  id: string;
  name: string;
  /** An object in every call that a provider is sent again. */
  input: unknown;
  /** Why the arguments could not be read; the call is not carried out, and `input` is empty. */
  broken?: string;
}
export interface ToolResult {
  id: string;
  name: string;
  output: string;
  /** Artifact of the whole output, where `output` is only a part of it or stands for it. */
  digest?: string;
}
/** Null: the provider did not say. Never zero for what is unknown. */
export interface TokenUsage {
  inputTokens: number | null;
  outputTokens: number | null;
  /** Of the input: read from the provider's cache. */
  cachedInputTokens?: number | null;
  /** Of the calls: paid ones that broke off, of which the tokens are not known. */
  unknownCalls?: number;
}
export type ModelReply = {
  model: string;
  /** The link of the fallback chain that answered, from 0. */
  link?: number;
  scripted: boolean;
  usage: TokenUsage;
  /** HTTP calls that were answered for this reply, and are paid: 1 for a model, 0 for a script. */
  calls: number;
  /** The provider's own form of this turn. */
  native?: NativeTurn;
} & ({ kind: 'output'; output: unknown } | { kind: 'tools'; text: string; toolCalls: ToolCall[] } | Unusable);
/** An answer that was paid for and cannot be used. Nothing of it is carried out. */
export interface Unusable {
  kind: 'unusable';
  /** `cut`: it reached the limit of output tokens; `calls_in_text`: tools were called in words. */
  reason: 'empty' | 'not_json' | 'misfit' | 'cut' | 'calls_in_text';
  /** The answer, as far as it is to be shown to the model again; may be empty. */
  text: string;
  /** For the model: what was wrong, and how to answer. Where it quotes the answer, within a data block. */
  says: string;
  /** For people: the same in one line that quotes nothing of the answer. */
  summary: string;
}
