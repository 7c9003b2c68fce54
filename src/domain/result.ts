/**
 * The result of a build in the repository that it was given: a branch there, or why there is none.
 */
export type Result =
  | { branch: string; commit: string; place: string; reason: null }
  | { branch: string; commit: string; place: null; reason: string };
