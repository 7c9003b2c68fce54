/**
 * Describes the temporary files that a killed process leaves behind: their folder, their names, and the age from which they are unused.
 *
 * Types and ages only. Each file that makes temporary files exports its own leftovers; `sweep` removes them.
 */
export interface Leftovers {
  folder: string;
  /** Path components below `folder`: each is a name, or `*` for every folder. */
  below?: readonly string[];
  /** Matches the temporary names. It must not match the name of published content. */
  name: RegExp;
  /** Age from which the entry is unused, by its time of change. */
  afterMs: number;
  /** True if the name shows that the process that made it is dead. Then the entry is removed at any age. */
  isMakerDead?(name: string): boolean;
  /** True for users, other than this process's user, to which an entry may belong. */
  isOwner?(uid: number): boolean;
  /** True: only folders are removed, no files or links of that name. */
  isFolder?: boolean;
}

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
/** An age that no running write, copy or download reaches. */
export const STALE_MS = 12 * HOUR_MS;
