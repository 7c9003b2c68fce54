/**
 * Which artifacts a value mentions. Found by the names of members, so that what a build comes to carry later is found too.
 */
import type { BuildState } from '../build/state';
import { isDigest } from '../ids';
import { isObject } from '../json';
import type { Body } from './format';

/** Members that are named like a digest, wherever they stand. Text that looks like one counts for nothing. */
export function digestsIn(value: unknown): string[] {
  const found = new Set<string>();
  walk(value, (object) => {
    for (const [name, member] of Object.entries(object))
      if (/digest$/i.test(name) && isDigest(member)) found.add(member);
  });
  return [...found];
}

/**
 * Digests of outputs that the orchestrator wrote, at least in part: what their members name may be believed and followed.
 * Content that an external role handed over may name anything, and is not followed.
 */
export function ownOutputs(value: unknown): Set<string> {
  const found = new Set<string>();
  walk(value, ({ digest, source }) => {
    if (isDigest(digest) && (source === 'measured' || source === 'model')) found.add(digest);
  });
  return found;
}

/** Of a build: all that the orchestrator wrote, and none of the words that people and models gave. */
export function orchestratorsPart(build: BuildState | Body): Body {
  return without(build, ['events', 'answers', 'seen', 'unsaved', 'feedback']);
}

export function without(build: BuildState | Body, names: Array<keyof BuildState>): Body {
  return Object.fromEntries(Object.entries(build).filter(([name]) => !(names as string[]).includes(name)));
}

function walk(value: unknown, visit: (object: Body) => void): void {
  if (Array.isArray(value)) for (const one of value) walk(one, visit);
  if (!isObject(value)) return;
  visit(value);
  for (const member of Object.values(value)) walk(member, visit);
}
