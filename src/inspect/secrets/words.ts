/**
 * Changes the words in the JSON of a build, but not its structure, so that a redacted build can still be read. Pure.
 *
 * States, times, digests and the product's own member names are no secrets, and programs need them to read a build.
 */
import { isDigest } from '../../domain/ids';
import { isObject } from '../../domain/json';

type Change = (words: string) => string;

/** Members of a build whose names and contents callers and roles choose. */
const FREE = ['answers', 'seen', 'unsaved', 'metadata', 'data'];
const OWN_NAME = /^[A-Za-z_]+$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/;
/** Members whose values are words of a closed list. */
const LISTED = /^(?:type|kind|state|status|phase|role|gate|source)$|(?:State|Role|Status)$/;
const ID = /^(?:projectId|buildId|workflowId|requestKey|id)$/;
/** An id of a project, a build, a workflow or a release. */
const ID_VALUE = /^[A-Za-z0-9_-]{1,64}(?:\.[A-Za-z0-9_-]{1,64})*$/;
const COMMIT = /^(?:base|commit)$|Commit$/;
const MODES = ['external', 'llm'];

/** Applies `change` to each text of a build, or of a part of a build. */
export function inWords<T>(value: T, change: Change): T {
  return walk(value, { name: '', isFree: false }, change) as T;
}

interface Place {
  name: string;
  isFree: boolean;
}

function walk(value: unknown, at: Place, change: Change): unknown {
  if (typeof value === 'string') return isStructural(value, at) ? value : change(value);
  if (Array.isArray(value)) return value.map((one: unknown) => walk(one, at, change));
  if (!isObject(value)) return value;
  const members = Object.entries(value).map(([name, one]) => {
    const isOwn = !at.isFree && OWN_NAME.test(name);
    return [isOwn ? name : change(name), walk(one, { name, isFree: at.isFree || FREE.includes(name) }, change)];
  });
  return Object.fromEntries(members);
}

function isStructural(value: string, { name, isFree }: Place): boolean {
  if (isTimeOrDigest(value)) return true;
  if (isFree) return false;
  if (LISTED.test(name)) return /^[A-Za-z_.]+$/.test(value);
  if (ID.test(name)) return ID_VALUE.test(value);
  return MODES.includes(value) || (COMMIT.test(name) && /^[0-9a-f]{40}$/.test(value));
}

/** Does the same for JSON as text, and leaves everything but its texts as it is written. Names of members are texts. */
export function inTexts(json: string, change: Change): string {
  return json.replace(/"(?:[^"\\]|\\.)*"/g, (written) => {
    const text = JSON.parse(written) as string;
    const changed = isTimeOrDigest(text) || MODES.includes(text) ? text : change(text);
    return changed === text ? written : JSON.stringify(changed);
  });
}

function isTimeOrDigest(text: string): boolean {
  return TIME.test(text) || isDigest(text);
}
