/**
 * Reads the functions and calls of a source: callers, uses of results, parameters. Pure.
 *
 * Walks the syntax tree once and keeps no node of it.
 */
import { FUNCTIONS } from '../units/languages';
import { nameOf } from '../units/functions';
import { codeKindOf } from '../units/paths';
import { createPauses } from '../pauses';
import { withTree } from '../units/grammars';
import type { Grammar } from '../units/grammars';
import type { Syntax } from '../units/syntax';
import { answerUse } from './answer-use';
import { CALLS, calleeOf } from './calls';
import type { Call } from './calls';
import { callsIn, effectOf } from './effects';
import { decides, isAsync } from './waiting';
import { paramsOf } from './params';
import type { Param } from './params';
import { shapesIn } from './shapes';
import type { Shapes } from './shapes';

export interface FunctionFact {
  name: string;
  /** True if the function is called on an instance. */
  isMethod: boolean;
  line: number;
  endLine: number;
  params: Param[];
  /** True if the function returns a promise or a coroutine, which its caller must await. */
  isAsync: boolean;
  /** True if the function is pure, provided that the functions in `needs` are pure as well. */
  isPure: boolean;
  needs: Array<Pick<Call, 'name' | 'object'>>;
}
export interface CodeFacts extends Shapes {
  path: string;
  grammar: Grammar;
  functions: FunctionFact[];
  calls: Call[];
}

/** Reads one file. `added`: the lines for whose calls the use of the result is read. */
export async function codeFactsOf(
  path: string,
  text: string,
  added: ReadonlySet<number> = new Set(),
): Promise<CodeFacts | undefined> {
  const kind = codeKindOf(path);
  if (kind.kind !== 'tree') return undefined;
  const { grammar } = kind;
  const pause = createPauses();
  return withTree(grammar, text, async ({ root }) => {
    const functions: FunctionFact[] = [];
    const calls: Call[] = [];
    for (const node of root.walk()) {
      const due = pause();
      if (due !== undefined) await due;
      if (FUNCTIONS.has(node.type)) functions.push(...functionFacts(node));
      if (CALLS.has(node.type)) calls.push(...callOf(node, path, added));
    }
    return { path, grammar, functions, calls, ...(await shapesIn(root)) };
  });
}

function functionFacts(node: Syntax): FunctionFact[] {
  const [owner, member] = nameOf(node)?.split('.').slice(-2) ?? [];
  // A caller names the class to call its constructor.
  const isConstructor = member !== undefined && /^(?:__init__|constructor)$/.test(member);
  const name = (isConstructor ? owner : (member ?? owner)) ?? '';
  const body = node.field('body');
  if (!/^[\w$]+$/.test(name) || body === undefined) return [];
  const { line, endLine } = node;
  const isOfClass = owner !== undefined && member !== undefined && !isConstructor;
  const isMethod = isOfClass || node.field('receiver') !== undefined;
  return [
    {
      ...{ name, isMethod, line, endLine, params: paramsOf(node), isAsync: isAsync(node) },
      ...{ isPure: effectOf(node) === 'none', needs: callsIn(body) },
    },
  ];
}

function callOf(node: Syntax, path: string, added: ReadonlySet<number>): Call[] {
  const callee = calleeOf(node);
  if (callee === undefined) return [];
  const list = node.field('arguments')?.children ?? [];
  const args = list.map((one) => {
    const name = one.type === 'keyword_argument' ? one.field('name')?.text : undefined;
    const text = (name === undefined ? one : one.field('value'))?.text ?? '';
    return name === undefined ? { text } : { name, text };
  });
  const isOpen = list.some(({ type }) =>
    /^(?:spread_element|list_splat|dictionary_splat|variadic_argument)$/.test(type),
  );
  const isAdded = added.has(node.line);
  const call: Call = { ...callee, line: node.line, args, isOpen, use: isAdded ? answerUse(node, path) : 'used' };
  return [isAdded && decides(node) ? { ...call, decides: true } : call];
}
