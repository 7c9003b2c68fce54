/**
 * Explains for files of a tree why they judge a change. Takes and returns plain data. Pure.
 */
import { findJudges } from '../judges/find-judges';
import type { TreeWithCommands, JudgeReason } from '../judges/find-judges';
import { closure, linksOf } from '../judges/graph';

export interface JudgesOrder extends Omit<TreeWithCommands, 'isSetting'> {
  /** Paths whose file names show that they configure test runners. */
  settings: ReadonlySet<string>;
  /** The paths for which the caller wants an answer. */
  asked: readonly string[];
}

/** Returns the reasons by path, for those asked paths that judge the change. */
export async function judgesIn({ settings, asked, ...tree }: JudgesOrder): Promise<Map<string, JudgeReason>> {
  const judges = await findJudges({ ...tree, isSetting: (path) => settings.has(path) });
  return new Map(
    asked.flatMap((path) => {
      const why = judges.why(path);
      return why === undefined ? [] : [[path, why] as const];
    }),
  );
}

/** Finds all files that the code at `roots` imports, directly or through other files. */
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
