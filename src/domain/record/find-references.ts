/**
 * Finds the artifacts that a value names. Looks at member names, so that members added later are found too.
 */
import type { BuildState } from '../build/state';
import { isDigest } from '../ids';
import { isObject } from '../json';
import type { Body } from './format';

/** Returns the digests in members whose names end in "digest", at any depth. Digests inside other text do not count. */
export function digestsIn(value: unknown): string[] {
  const digests = new Set<string>();
  walk(value, (object) => {
    for (const [name, member] of Object.entries(object))
      if (/digest$/i.test(name) && isDigest(member)) digests.add(member);
  });
  return [...digests];
}

/**
 * Returns the digests of outputs that the orchestrator wrote at least in part; the digests inside them are trusted and
 * followed. Outputs of external roles may name any digest, so they are not followed.
 */
export function orchestratorOutputs(value: unknown): Set<string> {
  const digests = new Set<string>();
  walk(value, ({ digest, source }) => {
    if (isDigest(digest) && (source === 'measured' || source === 'model')) digests.add(digest);
  });
  return digests;
}

/** The part of a build that the orchestrator wrote, without texts of people and models. */
export function orchestratorPart(build: BuildState | Body): Body {
  return withoutMembers(build, ['events', 'answers', 'seen', 'unsaved', 'feedback']);
}

export function withoutMembers(build: BuildState | Body, names: Array<keyof BuildState>): Body {
  return Object.fromEntries(Object.entries(build).filter(([name]) => !(names as string[]).includes(name)));
}

function walk(value: unknown, visit: (object: Body) => void): void {
  if (Array.isArray(value)) for (const one of value) walk(one, visit);
  if (!isObject(value)) return;
  visit(value);
  for (const member of Object.values(value)) walk(member, visit);
}
