/**
 * A model as one role uses it.
 */
import type { z } from 'zod';
import type { Phase, Role } from '../domain/roles';

/** One model, as one role uses it: one call, one answer. */
export interface RoleModel {
  /** `provider:id`, as configured. */
  readonly id: string;
  /** True where answers come from a file, not from a model. */
  readonly scripted: boolean;
  call(request: ModelRequest): Promise<ModelReply>;
}
export interface ModelRequest {
  role: Role;
  phase: Phase;
  generation: number;
  /** Counts from 1. */
  attempt: number;
  /** Counts from 1; above 1 only for a role that works in steps. */
  step: number;
  system: string;
  messages: ModelMessage[];
  /** What the final answer must look like. */
  schema: z.ZodType;
  /** Offered where the role works in steps; a provider without tools answers with the final output at once. */
  tools?: Record<string, { description: string; input: z.ZodType }>;
  /** Sent as `Idempotency-Key`, so that a provider (or a proxy) that honours it charges a repeated call once. */
  idempotencyKey?: string;
  signal: AbortSignal;
}
export type ModelMessage =
  | { from: 'user'; text: string }
  | { from: 'model'; text: string; toolCalls: ToolCall[] }
  | { from: 'tools'; results: Array<{ id: string; name: string; output: string }> };
export interface ToolCall {
  id: string;
  name: string;
  input: unknown;
}
export type ModelReply = {
  model: string;
  scripted: boolean;
  usage: { inputTokens: number | null; outputTokens: number | null };
  /** HTTP calls that were answered for this reply: 1, and one more for each repair turn. */
  calls: number;
} & ({ kind: 'output'; output: unknown } | { kind: 'tools'; text: string; toolCalls: ToolCall[] });
