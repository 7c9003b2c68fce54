/**
 * Finds the entry of a record that names each artifact, directly or through an output that the orchestrator wrote.
 */
import { readJson } from './entries';
import type { Body, Content, Entry } from './format';
import { digestsIn, orchestratorPart, orchestratorOutputs } from './find-references';

const NAMING_KINDS = ['build', 'handoff', 'evidence', 'approval', 'state'];

/** Returns the first entry that names each digest. */
export function referencesOf(entries: readonly Entry[], contents: Body): Map<string, Entry> {
  const entriesByDigest = new Map<string, Entry>();
  const addReferences = (entry: Entry, value: unknown) => {
    for (const digest of digestsIn(value)) if (!entriesByDigest.has(digest)) entriesByDigest.set(digest, entry);
  };
  for (const entry of entries.filter(({ kind }) => NAMING_KINDS.includes(kind))) {
    const body = orchestratorBody(entry);
    addReferences(entry, body);
    for (const output of orchestratorOutputs(body)) addReferences(entry, contentOf(contents, output));
  }
  return entriesByDigest;
}

/** The part of an entry that the orchestrator wrote. */
export function orchestratorBody({ kind, body }: Entry): unknown {
  return kind === 'state' ? orchestratorPart(body) : body;
}

/** The embedded content parsed as JSON; undefined if there is none. */
export function contentOf(contents: Body, digest: string): unknown {
  return readJson(Object.hasOwn(contents, digest) ? (contents[digest] as Content) : undefined);
}
