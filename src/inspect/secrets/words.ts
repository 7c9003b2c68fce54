/**
 * Changes the words in JSON, and nothing that holds it together: what was taken out of a build leaves a build that can be read. Pure.
 *
 * States, times, digests and the names of our own members are no secrets, and everything reads a build by them.
 */
import { isDigest } from '../../domain/ids';
import { isObject } from '../../domain/json';

type Change = (words: string) => string;

/** Of a build: members whose names and contents callers and roles choose. */
const FREE = ['answers', 'seen', 'unsaved', 'metadata', 'data'];
const OWN_NAME = /^[A-Za-z_]+$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/;
/** Members whose values are words of a closed list. */
const LISTED = /^(?:type|kind|state|status|phase|role|gate|source)$|(?:State|Role|Status)$/;
const ID = /^(?:projectId|buildId|workflowId|requestKey|id)$/;
/** Of a project, a build, a workflow, a release. */
const ID_VALUE = /^[A-Za-z0-9_-]{1,64}(?:\.[A-Za-z0-9_-]{1,64})*$/;
const COMMIT = /^(?:base|commit)$|Commit$/;
const MODES = ['external', 'llm'];

/** `change` is given each text of a build, or of a part of it. */
export function inWords<T>(value: T, change: Change): T {
  return walk(value, { name: '', isFree: false }, change) as T;
}

interface Place {
  name: string;
  isFree: boolean;
}

function walk(value: unknown, at: Place, change: Change): unknown {
  if (typeof value === 'string') return isOurs(value, at) ? value : change(value);
  if (Array.isArray(value)) return value.map((one: unknown) => walk(one, at, change));
  if (!isObject(value)) return value;
  const members = Object.entries(value).map(([name, one]) => {
    const isOwn = !at.isFree && OWN_NAME.test(name);
    return [isOwn ? name : change(name), walk(one, { name, isFree: at.isFree || FREE.includes(name) }, change)];
  });
  return Object.fromEntries(members);
}

function isOurs(value: string, { name, isFree }: Place): boolean {
  if (isTimeOrDigest(value)) return true;
  if (isFree) return false;
  if (LISTED.test(name)) return /^[A-Za-z_.]+$/.test(value);
  if (ID.test(name)) return ID_VALUE.test(value);
  return MODES.includes(value) || (COMMIT.test(name) && /^[0-9a-f]{40}$/.test(value));
}

/** The same for text that is JSON, of which all but the texts stays as it is written. Names of members are texts. */
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
