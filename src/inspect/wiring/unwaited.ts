/**
 * Finds added conditions on a promise or coroutine that no code awaits: the condition is always true, although tests
 * with synchronous doubles pass. Pure.
 */
import type { DeliveredFact } from '../../domain/delivered';
import { addedLines, linesOf } from '../delivered/tree';
import type { DeliveredTree } from '../delivered/tree';
import type { Call } from './calls';
import type { FunctionFact } from './code-facts';
import { meantBy } from './named-things';
import type { Known } from './named-things';

interface Meant {
  path: string;
  name: string;
}

/** Methods of lists whose callback decides. */
const DECIDING_METHOD = /^(?:filter|some|every|find|findIndex|findLast)$/;
/** Libraries whose own list types await the callbacks. */
const AWAITING_LIST =
  /[sS]tream|Readable|[aA]sync|Promise|Bluebird|\b_\b|\$\b|Observable|pipe|[iI]terator|generator|\bfrom\(/;
const CONSEQUENCE = 'a promise always counts as a yes, so that nobody is refused; wait for it';

export function unwaited(tree: DeliveredTree, known: Known, changed: readonly string[]): DeliveredFact[] {
  return changed.flatMap((path) => {
    if (!/\.(?:[cm]?[jt]sx?|py)$/.test(path)) return [];
    const added = addedLines(tree, path);
    const rows = linesOf(tree.after.get(path) ?? '');
    return (known.facts.get(path)?.calls ?? []).flatMap((call): DeliveredFact[] => {
      if (!added.has(call.line)) return [];
      const at = { path, line: call.line, text: rows[call.line - 1] ?? '' };
      const picked = pickedBy(known, path, call);
      if (picked !== undefined) return [{ ...at, what: `lets ${picked} choose in ${call.name}(): ${CONSEQUENCE}` }];
      if (call.decides !== true) return [];
      const meant = waitedFor(known, path, call);
      if (meant === undefined) return [];
      const where = meant.path === path ? '' : ` of ${meant.path}`;
      return [{ ...at, what: `takes what ${meant.name}${where} only promises for its answer: ${CONSEQUENCE}` }];
    });
  });
}

/** Returns the async callback of `users.filter(async (user) => ...)` or `users.some(isClerk)`. */
function pickedBy(known: Known, path: string, { name, object, args }: Call): string | undefined {
  if (!DECIDING_METHOD.test(name) || path.endsWith('.py') || object === '' || AWAITING_LIST.test(object))
    return undefined;
  const callback = args[0]?.text ?? '';
  if (args.length === 1 && /^async\s*(?:\(|function\b|[\w$]+\s*=>)/.test(callback)) return 'an async function';
  if (!/^[\w$]+$/.test(callback)) return undefined;
  return waitedFor(known, path, { name: callback, object: '' })?.name;
}

/** Returns the asynchronous function that a call means: by its name, or as the default of a parameter. */
function waitedFor(
  known: Known,
  path: string,
  call: Pick<Call, 'name' | 'object'> & { line?: number },
): Meant | undefined {
  const meant = meantBy(known, path, call);
  if (meant !== undefined) return meant.defined.isAsync ? { path: meant.path, name: call.name } : undefined;
  const { name, line } = call;
  const preset = call.object === '' && line !== undefined ? defaultOf(known, path, { name, line }) : undefined;
  if (preset === undefined || preset === call.name) return undefined;
  // `meantBy` does not find it, because the header of the function makes it one of the local names.
  const imported = known.bound(path).find(({ local }) => local === preset);
  const home = imported?.file ?? path;
  const named = (known.facts.get(home)?.functions ?? []).filter(({ name }) => name === (imported?.name ?? preset));
  return named.length === 1 && named[0]?.isAsync === true ? { path: home, name: preset } : undefined;
}

function defaultOf(known: Known, path: string, { name, line }: Pick<Call, 'name' | 'line'>): string | undefined {
  const around = (known.facts.get(path)?.functions ?? [])
    .filter((one) => one.line <= line && line <= one.endLine)
    .sort(byLength);
  const found = around.flatMap(({ params }) => params.filter((one) => one.name === name))[0]?.default;
  return found !== undefined && /^[\w$]+$/.test(found) ? found : undefined;
}

function byLength(one: FunctionFact, other: FunctionFact): number {
  return one.endLine - one.line - (other.endLine - other.line);
}
