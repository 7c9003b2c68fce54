/**
 * Decides whether the request or the plan mentions a file. Both exist before the Code Writer starts, and it cannot
 * change them. Pure.
 */
/** Texts of the request and the plan. */
export interface RequestAndPlan {
  /** Files and folders that the plan's components name. */
  paths: readonly string[];
  /** The request and all texts of the plan. */
  text: string;
}

/** A sentence such as "The compose file stays as it is." It mentions the file, but asks for no change. */
const KEEPS_UNCHANGED =
  /\b(?:un(?:changed|touched|altered|modified)|(?:stays?|remains?|kept|left) (?:as (?:it|they|before)|alone|the same)|leaves? \S{1,40}(?: \S{1,40}){0,3} alone|(?:not|never|without|n't)(?: be)? (?:touch|chang|alter|edit|modif)\w{0,4})\b/i;

/** True if a component of the plan contains the path, or a sentence names the file or matches `words`. */
export function isMentioned(asked: RequestAndPlan | undefined, path: string, words: RegExp): boolean {
  if (asked === undefined) return false;
  const bare = (one: string): string => one.trim().replace(/^\.?\//, '');
  const isNamed = asked.paths
    .map(bare)
    .some((one) => one === path || (one !== '' && path.startsWith(one.replace(/\/?$/, '/'))));
  if (isNamed) return true;
  const name = path.slice(path.lastIndexOf('/') + 1);
  const sentences = asked.text.split(/[\n;]|[.!?](?=\s|$)/).filter((one) => !KEEPS_UNCHANGED.test(one));
  return sentences.some((one) => hasName(one, path) || hasName(one, name) || words.test(one));
}

function hasName(text: string, name: string): boolean {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    const [before, after] = [text[at - 1] ?? ' ', text.slice(at + name.length, at + name.length + 2)];
    if (!/[\w.-]/.test(before) && !/^(?:[\w-]|\.\w)/.test(after)) return true;
  }
  return false;
}
