/**
 * All that is said of a change by what goes live: plain data in and out. Pure.
 */
import type { DeliveredFact } from '../../domain/delivered';
import { hasBuilt } from '../delivered/built';
import { deliveredOf, needsAllCode } from '../delivered/delivered';
import type { DeliveredTree } from '../delivered/tree';
import { readLinks } from '../judges/graph';
import { asksWiring, wiringOf } from '../wiring/wiring';

export interface DeliveredSaid {
  found: DeliveredFact[];
  notes: string[];
}

/** Null where the texts of all code are needed to tell. */
export async function deliveredNearby(tree: DeliveredTree): Promise<DeliveredSaid | null> {
  return needsAllCode(tree) || asksWiring(tree) ? null : delivered(tree);
}

export async function delivered(tree: DeliveredTree): Promise<DeliveredSaid> {
  if (hasBuilt(tree)) await readLinks({ paths: tree.paths, texts: tree.after });
  const [texts, wiring] = [deliveredOf(tree), await wiringOf(tree)];
  return { found: [...texts.found, ...wiring.found], notes: [...texts.notes, ...wiring.notes] };
}
