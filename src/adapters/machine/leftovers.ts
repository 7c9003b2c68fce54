/**
 * What a killed process leaves behind, as the file says that makes it: where, under which name, and from when on it is unused.
 *
 * Types and ages only; each file that makes temporary names exports its leftovers beside the code that makes them.
 */
export interface Leftovers {
  folder: string;
  /** The way down from `folder`: each part is a name, or `*` for every folder there. */
  below?: readonly string[];
  /** Fits temporary names only; nothing that can be asked for by name may fit it. */
  name: RegExp;
  /** Unused from this age on. */
  afterMs: number;
  /** True where the name says that its maker is dead: then the age does not matter. */
  isMakerDead?(name: string): boolean;
  /** Users beside this process's own that it may belong to. */
  isOwner?(uid: number): boolean;
  /** True: a file or link of this name is none. */
  isFolder?: boolean;
}

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
/** Longer than any write, copy or fetch takes. */
export const STALE_MS = 12 * HOUR_MS;
