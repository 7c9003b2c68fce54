/**
 * Why files of a tree judge a change. Plain data in and out. Pure.
 */
import { findJudges } from '../judges/find-judges';
import type { AskedTree, Why } from '../judges/find-judges';
import { closure, linksOf } from '../judges/graph';

export interface JudgesOrder extends Omit<AskedTree, 'isSetting'> {
  /** Paths that configure runners by their names. */
  settings: ReadonlySet<string>;
  /** Paths that are asked for. */
  asked: readonly string[];
}

/** By path; only of those asked for that judge. */
export async function judgesIn({ settings, asked, ...tree }: JudgesOrder): Promise<Map<string, Why>> {
  const judges = await findJudges({ ...tree, isSetting: (path) => settings.has(path) });
  return new Map(
    asked.flatMap((path) => {
      const why = judges.why(path);
      return why === undefined ? [] : [[path, why] as const];
    }),
  );
}

/** Paths that the code at `roots` leads to, at any depth. */
export function ledTo({
  paths,
  texts,
  roots,
}: {
  paths: readonly string[];
  texts: ReadonlyMap<string, string>;
  roots: readonly string[];
}): Set<string> {
  const { leads } = linksOf({ paths, texts });
  return closure(roots, leads);
}
