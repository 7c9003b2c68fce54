/**
 * Things of a cluster that are handed over and never start: a job that is suspended, a deployment that is paused, and neither the
 * sentence nor the plan asks for that. Pure.
 */
import type { DeliveredFact } from '../../../domain/delivered';
import { changedPaths } from '../tree';
import type { DeliveredTree } from '../tree';
import { kindOfSetUp } from './kinds';

const SLEEPS: ReadonlyArray<readonly [kind: RegExp, row: RegExp]> = [
  [
    /^kind:\s{0,3}["']?(?:CronJob|Job|JobSet|CronWorkflow|Workflow|Kustomization|HelmRelease|ScheduledSparkApplication)\b/m,
    /^\s{1,8}["']?suspend["']?:\s{0,3}["']?true\b/,
  ],
  [/^kind:\s{0,3}["']?(?:Deployment|Rollout|ScaledObject)\b/m, /^\s{1,8}["']?paused["']?:\s{0,3}["']?true\b/],
];
/** The sentence or the plan wants it asleep. */
const SPOKEN =
  /\b(?:suspend\w{0,3}|paus(?:e|ed|es|ing)|asleep|sleeps?|by hand|manual(?:ly)?|on demand|disabled?|turn(?:ed|s)? off|switch(?:ed|es)? off|not (?:yet )?(?:start|run)\w{0,3}|inactive|dormant)\b/i;

export function asleep(tree: DeliveredTree): DeliveredFact[] {
  if (SPOKEN.test(tree.asked?.text ?? '')) return [];
  return changedPaths(tree).flatMap((path) => {
    const text = tree.after.get(path) ?? '';
    if (!/\.ya?ml$/.test(path) || !/\b(?:suspend|paused)\b/.test(text) || kindOfSetUp(tree, path) === undefined)
      return [];
    const former = new Set(rowsThatSleep(tree.before.get(path) ?? '').map((one) => one.said));
    return rowsThatSleep(text)
      .filter(({ said }) => !former.has(said))
      .map(({ line, row }): DeliveredFact => ({ path, line, what: WHAT, text: row, isWhole: true }));
  });
}

const WHAT =
  'hands something to the cluster that never starts, and neither the sentence nor the plan speaks of that: take the line away, or name it in the plan';

interface Sleeping {
  line: number;
  row: string;
  /** The thing, by its kind and its name, and the row. */
  said: string;
}

function rowsThatSleep(text: string): Sleeping[] {
  let first = 1;
  return text.split(/^---.{0,200}$/m).flatMap((part) => {
    const from = first;
    const rows = part.split('\n');
    first += rows.length - 1;
    const sign = SLEEPS.find(([kind]) => kind.test(part))?.[1];
    if (sign === undefined) return [];
    const name = /^\s{1,4}name:\s{0,3}(\S{1,120})/m.exec(part)?.[1] ?? '';
    return rows.flatMap((row, at) => (sign.test(row) ? [{ line: from + at, row, said: `${name} ${row.trim()}` }] : []));
  });
}
