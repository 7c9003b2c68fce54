/**
 * Which entry of a record names which artifact: directly, or through an output that the orchestrator wrote.
 */
import { readJson } from './entries';
import type { Body, Content, Entry } from './format';
import { digestsIn, orchestratorsPart, ownOutputs } from './mentions';

const NAMING = ['build', 'handoff', 'evidence', 'approval', 'state'];

/** By digest, the first entry that names it. */
export function mentionsOf(entries: readonly Entry[], contents: Body): Map<string, Entry> {
  const found = new Map<string, Entry>();
  const add = (entry: Entry, value: unknown) => {
    for (const digest of digestsIn(value)) if (!found.has(digest)) found.set(digest, entry);
  };
  for (const entry of entries.filter(({ kind }) => NAMING.includes(kind))) {
    const said = ownWords(entry);
    add(entry, said);
    for (const output of ownOutputs(said)) add(entry, contentOf(contents, output));
  }
  return found;
}

/** Of an entry, what the orchestrator wrote. */
export function ownWords({ kind, body }: Entry): unknown {
  return kind === 'state' ? orchestratorsPart(body) : body;
}

/** The embedded content as JSON; undefined where there is none. */
export function contentOf(contents: Body, digest: string): unknown {
  return readJson(Object.hasOwn(contents, digest) ? (contents[digest] as Content) : undefined);
}
