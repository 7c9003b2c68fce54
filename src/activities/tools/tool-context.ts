/**
 * The interface of a role's tool, and its context: the tree, the role, and what the conversation has shown so far.
 */
import type { z } from 'zod';
import type { Role } from '../../domain/roles';
import { barePath } from '../../inspect/path-patterns';
import type { ProjectWish } from '../../ports/checkouts';
import type { ToolResult } from '../../ports/model';
import type { TreeAt } from '../../ports/workspace';
import type { PhaseTask } from '../contract';
import type { Deps } from '../deps';

export interface ToolContext {
  deps: Deps;
  task: Pick<PhaseTask, 'projectId' | 'buildId' | 'approvals'>;
  role: Role;
  at: TreeAt;
  /** The build's base commit. */
  base: string;
  wish: ProjectWish;
  signal: AbortSignal;
  /** Before these calls; `seenIn` reads it from a conversation. */
  seen: SeenFiles;
  /** A rule of the role: the reason against the content at the path, as a sentence; null deletes the file or is no text. */
  mayWrite?: ((at: TreeAt, path: string, content: string | null) => Promise<string | undefined>) | undefined;
  /** An earlier result of the conversation. */
  results: (id: string) => ToolResult | undefined;
  /** Called before each call is carried out. */
  tell?: ((now: { tool: string; path?: string }) => void) | undefined;
}

/**
 * By path: how many lines the file had, and which were shown, first to last; `parts`: of long lines the number, and the first and
 * last character shown. Plain JSON.
 */
export type SeenFiles = Record<
  string,
  { lines: number; ranges: Array<[number, number]>; parts?: Array<[line: number, first: number, last: number]> }
>;

/** The context of one tool call. */
export interface ToolCallContext extends ToolContext {
  callId: string;
}
export interface Used {
  /** Begins with `error:` where nothing was done. */
  output: string;
  /** The commit to go on from, where the tree was changed. */
  commit?: string;
  /** Paths that were written. */
  touched?: string[];
  /** Artifact of the whole, where `output` is a part of it. */
  digest?: string;
}
export interface Tool {
  description: string;
  input: z.ZodType;
  /** Throws a Failure where a path is refused. The input is checked already. */
  carryOut(context: ToolCallContext, input: unknown): Promise<Used>;
}

/** A tool whose input is typed by its schema. */
export function tool<I extends z.ZodType>(made: {
  description: string;
  input: I;
  carryOut(context: ToolCallContext, input: z.infer<I>): Promise<Used>;
}): Tool {
  return { ...made, carryOut: (context, input) => made.carryOut(context, input as z.infer<I>) };
}

export function refused(reason: string): Used {
  return { output: `error: ${reason}` };
}

/** As a tree names it: without `./` before it and `/` behind it; '' is the root. */
export function pathIn(path: string): string {
  const bare = barePath(path);
  return bare === '.' ? '' : bare;
}
