/**
 * Finds new functions that tests call and product code does not. In an application this is a note. It is a finding if
 * the plan names a product source that the change does not touch: the call is probably missing there. Pure.
 */
import type { DeliveredFact } from '../../domain/delivered';
import { changedPaths, isForTests, isProduct, isSource } from '../delivered/tree';
import type { DeliveredTree } from '../delivered/tree';
import type { FunctionFact } from './code-facts';
import type { AskedOptions } from './only-tests-give';
import type { Wiring } from './wiring';

export function uncalled(asked: AskedOptions, changed: readonly string[]): Wiring {
  const untouched = plannedButUntouched(asked.tree);
  const calls = callsIn(asked.known);
  const found: DeliveredFact[] = [];
  const notes: string[] = [];
  for (const path of changed.filter((one) => !asked.starts.isLibrary(one))) {
    for (const { name, line } of onlyTested(asked, calls, path)) {
      const what = `has ${name}, which tests call and nothing that goes live does`;
      const caller = untouched.find((one) => one !== path);
      if (caller !== undefined) {
        const remedy = `and ${caller}, which the plan names, is as it was: let it call ${name}, or amend the plan`;
        found.push({ path, line, text: '', what: `${what}, ${remedy}` });
      } else if (asked.starts.hasAny) notes.push(`${path}:${line} ${what}`);
    }
  }
  return { found, notes };
}

/** Returns product sources that the plan names and the change does not touch. */
function plannedButUntouched(tree: DeliveredTree): string[] {
  const touched = new Set(changedPaths(tree));
  const named = (tree.asked?.paths ?? []).map((one) => one.trim().replace(/^\.\//, ''));
  return named.filter((path) => tree.paths.includes(path) && !touched.has(path) && isSource(path) && isProduct(path));
}

interface Calls {
  tested: ReadonlySet<string>;
  live: ReadonlySet<string>;
}

function callsIn({ facts }: AskedOptions['known']): Calls {
  const all = [...facts.values()];
  const callsOf = (isIncluded: (path: string) => boolean): Set<string> =>
    new Set(all.filter((one) => isIncluded(one.path)).flatMap(({ calls }) => calls.map(({ name }) => name)));
  return { tested: callsOf(isForTests), live: callsOf((one) => !isForTests(one)) };
}

/** Returns the new functions that only tests call. */
function onlyTested({ known, former }: AskedOptions, { tested, live }: Calls, path: string): FunctionFact[] {
  const old = new Set(former.get(path)?.functions.map(({ name }) => name));
  return (known.facts.get(path)?.functions ?? []).filter(
    ({ name, isMethod }) =>
      !isMethod && !old.has(name) && tested.has(name) && !live.has(name) && !isPassedOn(known.mentions(name), path),
  );
}

/** True if another product file contains the name: it may pass the function on. */
function isPassedOn(mentions: readonly string[], path: string): boolean {
  return mentions.some((one) => one !== path && !isForTests(one));
}
