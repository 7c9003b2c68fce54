/**
 * Breaks code that swallows errors: `with suppress(X):`, `except X: pass`, `catch {}`, `.catch(() => {})`. The edit lets the error
 * continue.
 *
 * Two cases are no units: errors which mean that nothing is left to do, such as a file that no longer exists, and cleanup code.
 */
import { putBefore, putInside } from './candidate';
import type { RuleContext, Candidate } from './candidate';
import { statementsOf } from './functions';
import { calledName, regionOf } from './regions';
import type { Syntax } from './syntax';

/** Errors after which nothing is left to do. */
const NOTHING_TO_DO =
  /\b(?:FileNotFoundError|FileExistsError|ImportError|ModuleNotFoundError|KeyboardInterrupt|BrokenPipeError|ConnectionResetError|ProcessLookupError|StopIteration|StopAsyncIteration|GeneratorExit|CancelledError|NotImplementedError|Empty|NoSuchProcess|InterruptedException)\b/;
/** Names of calls that clean up. */
const CLEANUP =
  /(?:\b|_)(?:unlink\w*|rm|rmSync|rmtree|rmdir\w*|remove|delete|close\w*|destroy|abort|kill\w*|terminate|shutdown|disconnect|dispose|release\w*|cleanup|join|wait|flush|mkdir\w*|removeItem|setItem|getItem|localStorage|sessionStorage|cancel\w*|stop|import|require)\b/i;

export function breaksOfSwallowed(node: Syntax, context: RuleContext): Candidate[] {
  const found =
    node.type === 'with_item'
      ? breakOfSuppress(node, context)
      : node.type === 'except_clause' || node.type === 'catch_clause'
        ? emptyHandler(node, context)
        : node.type === 'call_expression'
          ? emptyCatch(node, context)
          : undefined;
  return found === undefined ? [] : [found];
}

function breakOfSuppress(item: Syntax, { lines }: RuleContext): Candidate | undefined {
  const call = item.field('value') ?? item.children[0];
  const args = call?.field('arguments');
  if (call?.type !== 'call' || args === undefined || !/^(?:contextlib\.)?suppress$/.test(calledName(call)))
    return undefined;
  if (!lines.has(item.line) || args.children.length === 0 || isHarmless(args.text, bodyAfter(item))) return undefined;
  const says = `with ${call.text.slice(0, 80)}: the error goes on`;
  return { line: item.line, kind: 'branch', says, edit: { from: args.from, to: args.to, text: '()' } };
}

function bodyAfter(item: Syntax): string {
  for (let above = item.parent; above !== null; above = above.parent)
    if (above.type === 'with_statement') return above.field('body')?.text.slice(0, 400) ?? '';
  return '';
}

function emptyHandler(clause: Syntax, context: RuleContext): Candidate | undefined {
  const block = clause.field('body') ?? clause.children.at(-1);
  if (block === undefined || !/^(?:block|statement_block|compound_statement)$/.test(block.type)) return undefined;
  const statements = statementsOf(block);
  const isEmpty = statements.every((one) => one.type === 'pass_statement' || regionOf(one) === 'docstring');
  if (!isEmpty || !context.lines.has(clause.line)) return undefined;
  const types = clause.children.filter(({ from }) => from < block.from).map(({ text }) => text.slice(0, 200));
  const guardedCode = clause.parent?.field('body')?.text.slice(0, 400) ?? '';
  if (isHarmless(types.join(' '), guardedCode)) return undefined;
  const [first] = statements;
  const edit =
    first !== undefined && context.rules.grammar === 'python'
      ? putBefore(first, context.rules.stop, context)
      : putInside(block, context.rules.stop);
  const head = `${clause.type === 'except_clause' ? 'except' : 'catch'} ${types.join(' ')}`.trim();
  return edit && { line: clause.line, kind: 'branch', says: `${head}, which does nothing: the error goes on`, edit };
}

/** Breaks an empty handler such as in `work().catch(() => {})`. */
function emptyCatch(call: Syntax, context: RuleContext): Candidate | undefined {
  const callee = call.field('function');
  if (callee?.type !== 'member_expression' || callee.field('property')?.text !== 'catch') return undefined;
  const [handler] = call.field('arguments')?.children ?? [];
  const body = handler?.field('body');
  if (handler === undefined || body?.type !== 'statement_block' || body.children.length > 0) return undefined;
  if (!context.lines.has(handler.line) || isHarmless('', callee.text.slice(-400))) return undefined;
  const edit = putInside(body, context.rules.stop);
  return edit && { line: handler.line, kind: 'branch', says: '.catch(), which does nothing: the error goes on', edit };
}

function isHarmless(types: string, guardedCode: string): boolean {
  return NOTHING_TO_DO.test(types) || CLEANUP.test(guardedCode);
}
