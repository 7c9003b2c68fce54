/**
 * The result branch of a build in the user's repository, or why it was not written.
 */
export type Result =
  | { branch: string; commit: string; place: string; reason: null }
  | { branch: string; commit: string; place: null; reason: string };
