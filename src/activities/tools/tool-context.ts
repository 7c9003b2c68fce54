/**
 * The interface of a role's tool, and its context: the tree, the role, and the lines that the conversation has shown so far.
 */
import type { z } from 'zod';
import type { Phase, Role } from '../../domain/roles';
import { barePath } from '../../inspect/path-patterns';
import type { ProjectOverrides } from '../../ports/checkouts';
import type { ToolResult } from '../../ports/model';
import type { TreeAt } from '../../ports/workspace';
import type { PhaseTask } from '../contract';
import type { Deps } from '../deps';

export interface ToolContext {
  deps: Deps;
  task: Pick<PhaseTask, 'projectId' | 'buildId' | 'approvals'>;
  role: Role;
  /** The phase, which decides whether the role may ask a person. Absent: it may not. */
  phase?: Phase;
  /** The number of questions that the attempt may still ask a person. Absent: none. */
  questionsLeft?: number;
  at: TreeAt;
  /** The build's base commit. */
  base: string;
  overrides: ProjectOverrides;
  signal: AbortSignal;
  /** The lines that the conversation showed before these calls; `seenIn` finds them. */
  seen: SeenFiles;
  /** Gives the reason why the role must not write the content to the path; undefined where it may. `content` null: no text, or deleted. */
  mayWrite?: ((at: TreeAt, path: string, content: string | null) => Promise<string | undefined>) | undefined;
  /** Finds an earlier result of the conversation by its id. */
  results: (id: string) => ToolResult | undefined;
  /** Called before each call is carried out. */
  onCall?: ((call: { tool: string; path?: string }) => void) | undefined;
}

/**
 * For each path: the number of lines of the file, and the ranges of lines that were shown, first and last. `parts` are the shown
 * parts of long lines: line number, first and last character. Plain JSON.
 */
export type SeenFiles = Record<
  string,
  { lines: number; ranges: Array<[number, number]>; parts?: Array<[line: number, first: number, last: number]> }
>;

/** The context of one tool call. */
export interface ToolCallContext extends ToolContext {
  callId: string;
}
export interface ToolOutcome {
  /** Begins with `error:` where nothing was done. */
  output: string;
  /** The new commit, where the tool changed the tree. */
  commit?: string;
  /** Paths that were written. */
  touched?: string[];
  /** A question for a person; the build waits for its answer. */
  question?: string;
  /** The artifact with the whole output, where `output` is only a part of it. */
  digest?: string;
}
export interface Tool {
  description: string;
  input: z.ZodType;
  /** Throws a Failure where a path is refused. The input is checked already. */
  carryOut(context: ToolCallContext, input: unknown): Promise<ToolOutcome>;
}

/** Makes a tool whose `carryOut` gets its input with the type of the schema. */
export function tool<I extends z.ZodType>(definition: {
  description: string;
  input: I;
  carryOut(context: ToolCallContext, input: z.infer<I>): Promise<ToolOutcome>;
}): Tool {
  return { ...definition, carryOut: (context, input) => definition.carryOut(context, input as z.infer<I>) };
}

export function refused(reason: string): ToolOutcome {
  return { output: `error: ${reason}` };
}

/** Gives the path in the form of a tree, without a leading `./` and a trailing `/`; '' is the root. */
export function pathIn(path: string): string {
  const bare = barePath(path);
  return bare === '.' ? '' : bare;
}
