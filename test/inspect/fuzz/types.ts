/** Types for feeding a reader. */

/** Feeds one text as the file at `path`. */
export type Feed = (text: string, path: string) => unknown;
export interface Reader {
  id: string;
  paths: readonly string[];
  feed: Feed;
}
export type Call = (...args: unknown[]) => unknown;
/** A reader of a whole tree, or with parameters of its own: the paths that it gets, and how it is called. */
export type TableReader = readonly [
  paths: readonly string[],
  feed: (call: Call, text: string, path: string) => unknown,
];
