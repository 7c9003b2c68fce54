/**
 * Finds Kubernetes resources that the change suspends or pauses, although neither the request nor the plan asks for it. Pure.
 */
import type { DeliveredFact } from '../../../domain/delivered';
import { changedPaths } from '../tree';
import type { DeliveredTree } from '../tree';
import { kindOfSetUp } from './kinds';

/** Kinds of resources, with the line that suspends them. */
const SUSPENDING_LINES: ReadonlyArray<readonly [kind: RegExp, row: RegExp]> = [
  [
    /^kind:\s{0,3}["']?(?:CronJob|Job|JobSet|CronWorkflow|Workflow|Kustomization|HelmRelease|ScheduledSparkApplication)\b/m,
    /^\s{1,8}["']?suspend["']?:\s{0,3}["']?true\b/,
  ],
  [/^kind:\s{0,3}["']?(?:Deployment|Rollout|ScaledObject)\b/m, /^\s{1,8}["']?paused["']?:\s{0,3}["']?true\b/],
];
/** Words of a request or plan that ask for a suspended resource. */
const WANTED_WORDS =
  /\b(?:suspend\w{0,3}|paus(?:e|ed|es|ing)|asleep|sleeps?|by hand|manual(?:ly)?|on demand|disabled?|turn(?:ed|s)? off|switch(?:ed|es)? off|not (?:yet )?(?:start|run)\w{0,3}|inactive|dormant)\b/i;

export function findSuspendedResources(tree: DeliveredTree): DeliveredFact[] {
  if (WANTED_WORDS.test(tree.asked?.text ?? '')) return [];
  return changedPaths(tree).flatMap((path) => {
    const text = tree.after.get(path) ?? '';
    if (!/\.ya?ml$/.test(path) || !/\b(?:suspend|paused)\b/.test(text) || kindOfSetUp(tree, path) === undefined)
      return [];
    const keysBefore = new Set(suspendingRows(tree.before.get(path) ?? '').map((one) => one.key));
    return suspendingRows(text)
      .filter(({ key }) => !keysBefore.has(key))
      .map(({ line, row }): DeliveredFact => ({ path, line, what: MESSAGE, text: row, showsWholeChange: true }));
  });
}

const MESSAGE =
  'delivers a resource to the cluster that never starts, and neither the request nor the plan mentions it: remove the line, or name it in the plan';

interface SuspendedRow {
  line: number;
  row: string;
  /** The resource's name and the row. A key that the text before the change has, too, is no finding. */
  key: string;
}

function suspendingRows(text: string): SuspendedRow[] {
  let nextLine = 1;
  return text.split(/^---.{0,200}$/m).flatMap((part) => {
    const from = nextLine;
    const rows = part.split('\n');
    nextLine += rows.length - 1;
    const suspends = SUSPENDING_LINES.find(([kind]) => kind.test(part))?.[1];
    if (suspends === undefined) return [];
    const name = /^\s{1,4}name:\s{0,3}(\S{1,120})/m.exec(part)?.[1] ?? '';
    return rows.flatMap((row, at) =>
      suspends.test(row) ? [{ line: from + at, row, key: `${name} ${row.trim()}` }] : [],
    );
  });
}
