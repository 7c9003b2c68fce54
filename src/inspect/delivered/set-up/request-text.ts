/**
 * Whether the sentence or the plan speaks of a file. Both are there before the Code Writer begins, and it cannot write them. Pure.
 */
export interface Asked {
  /** Files and folders that the plan's components name. */
  paths: readonly string[];
  /** All that the sentence and the plan say. */
  text: string;
}

/** A sentence that says so asks for nothing: "The compose file stays as it is." */
const LEAVES_ALONE =
  /\b(?:un(?:changed|touched|altered|modified)|(?:stays?|remains?|kept|left) (?:as (?:it|they|before)|alone|the same)|leaves? \S{1,40}(?: \S{1,40}){0,3} alone|(?:not|never|without|n't)(?: be)? (?:touch|chang|alter|edit|modif)\w{0,4})\b/i;

export function speaksOf(asked: Asked | undefined, path: string, words: RegExp): boolean {
  if (asked === undefined) return false;
  const bare = (one: string): string => one.trim().replace(/^\.?\//, '');
  const isNamed = asked.paths
    .map(bare)
    .some((one) => one === path || (one !== '' && path.startsWith(one.replace(/\/?$/, '/'))));
  if (isNamed) return true;
  const name = path.slice(path.lastIndexOf('/') + 1);
  const sentences = asked.text.split(/[\n;]|[.!?](?=\s|$)/).filter((one) => !LEAVES_ALONE.test(one));
  return sentences.some((one) => hasName(one, path) || hasName(one, name) || words.test(one));
}

function hasName(text: string, name: string): boolean {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    const [before, after] = [text[at - 1] ?? ' ', text.slice(at + name.length, at + name.length + 2)];
    if (!/[\w.-]/.test(before) && !/^(?:[\w-]|\.\w)/.test(after)) return true;
  }
  return false;
}
