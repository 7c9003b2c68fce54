/**
 * Calls that the change adds, that answer a promise or a coroutine, and whose answer is taken for a yes as it comes: nobody is ever
 * refused, while doubles in tests answer at once. Pure.
 */
import type { DeliveredFact } from '../../domain/delivered';
import { addedLines, linesOf } from '../delivered/tree';
import type { DeliveredTree } from '../delivered/tree';
import type { Call } from './calls';
import type { Defined } from './code-facts';
import { meantBy } from './named-things';
import type { Known } from './named-things';

interface Meant {
  path: string;
  name: string;
}

const PICKS = /^(?:filter|some|every|find|findIndex|findLast)$/;
/** Their own kinds of lists wait for what they are given. */
const WAITING =
  /[sS]tream|Readable|[aA]sync|Promise|Bluebird|\b_\b|\$\b|Observable|pipe|[iI]terator|generator|\bfrom\(/;
const WAY_OUT = 'a promise always counts as a yes, so that nobody is refused; wait for it';

export function unwaited(tree: DeliveredTree, known: Known, changed: readonly string[]): DeliveredFact[] {
  return changed.flatMap((path) => {
    if (!/\.(?:[cm]?[jt]sx?|py)$/.test(path)) return [];
    const added = addedLines(tree, path);
    const rows = linesOf(tree.after.get(path) ?? '');
    return (known.facts.get(path)?.calls ?? []).flatMap((call): DeliveredFact[] => {
      if (!added.has(call.line)) return [];
      const at = { path, line: call.line, text: rows[call.line - 1] ?? '' };
      const picked = pickedBy(known, path, call);
      if (picked !== undefined) return [{ ...at, what: `lets ${picked} choose in ${call.name}(): ${WAY_OUT}` }];
      if (call.decides !== true) return [];
      const meant = waitedFor(known, path, call);
      if (meant === undefined) return [];
      const where = meant.path === path ? '' : ` of ${meant.path}`;
      return [{ ...at, what: `takes what ${meant.name}${where} only promises for its answer: ${WAY_OUT}` }];
    });
  });
}

/** `users.filter(async (user) => ...)`, `users.some(isClerk)`. */
function pickedBy(known: Known, path: string, { name, object, args }: Call): string | undefined {
  if (!PICKS.test(name) || path.endsWith('.py') || object === '' || WAITING.test(object)) return undefined;
  const given = args[0]?.text ?? '';
  if (args.length === 1 && /^async\s*(?:\(|function\b|[\w$]+\s*=>)/.test(given)) return 'an async function';
  if (!/^[\w$]+$/.test(given)) return undefined;
  return waitedFor(known, path, { name: given, object: '' })?.name;
}

/** By its name, or as what a parameter is where nobody gives it. */
function waitedFor(
  known: Known,
  path: string,
  call: Pick<Call, 'name' | 'object'> & { line?: number },
): Meant | undefined {
  const meant = meantBy(known, path, call);
  if (meant !== undefined) return meant.defined.isAsync ? { path: meant.path, name: call.name } : undefined;
  const { name, line } = call;
  const preset = call.object === '' && line !== undefined ? presetOf(known, path, { name, line }) : undefined;
  if (preset === undefined || preset === call.name) return undefined;
  // The header of the function names it, so that `meantBy` takes it for one of its own names.
  const imported = known.bound(path).find(({ local }) => local === preset);
  const home = imported?.file ?? path;
  const named = (known.facts.get(home)?.functions ?? []).filter(({ name }) => name === (imported?.name ?? preset));
  return named.length === 1 && named[0]?.isAsync === true ? { path: home, name: preset } : undefined;
}

function presetOf(known: Known, path: string, { name, line }: Pick<Call, 'name' | 'line'>): string | undefined {
  const around = (known.facts.get(path)?.functions ?? [])
    .filter((one) => one.line <= line && line <= one.endLine)
    .sort(byLength);
  const found = around.flatMap(({ params }) => params.filter((one) => one.name === name))[0]?.default;
  return found !== undefined && /^[\w$]+$/.test(found) ? found : undefined;
}

function byLength(one: Defined, other: Defined): number {
  return one.endLine - one.line - (other.endLine - other.line);
}
