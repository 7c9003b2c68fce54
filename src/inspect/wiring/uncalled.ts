/**
 * New functions of an application that tests call and that nothing which goes live does: what is told to people of it. Pure.
 */
import { isForTests } from '../delivered/tree';
import type { AskedOptions } from './only-tests-give';

export function uncalled({ known, former, starts }: AskedOptions, changed: readonly string[]): string[] {
  if (!starts.hasAny) return [];
  const all = [...known.facts.values()];
  const callsOf = (isAsked: (path: string) => boolean): Set<string> =>
    new Set(all.filter(({ path }) => isAsked(path)).flatMap(({ calls }) => calls.map(({ name }) => name)));
  const [tested, live] = [callsOf(isForTests), callsOf((path) => !isForTests(path))];
  return changed.flatMap((path) => {
    if (starts.isLibrary(path)) return [];
    const old = new Set(former.get(path)?.functions.map(({ name }) => name));
    const alone = (known.facts.get(path)?.functions ?? []).filter(
      ({ name, isMethod }) =>
        !isMethod && !old.has(name) && tested.has(name) && !live.has(name) && !isHandedOn(known.mentions(name), path),
    );
    return alone.map(
      ({ name, line }) => `${path}:${line} has ${name}, which tests call and nothing that goes live does`,
    );
  });
}

/** Another file of the product has the word: it may hand the function on. */
function isHandedOn(mentions: readonly string[], path: string): boolean {
  return mentions.some((one) => one !== path && !isForTests(one));
}
