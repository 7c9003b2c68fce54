/**
 * Reads what a change does to the deployed files and their wiring. Takes and returns plain data. Pure.
 */
import type { DeliveredFact } from '../../domain/delivered';
import { mayChangeOutput } from '../delivered/built';
import { findDelivered, needsAllCode } from '../delivered/delivered';
import type { DeliveredTree } from '../delivered/tree';
import { readLinks } from '../judges/graph';
import { asksWiring, wiringOf } from '../wiring/wiring';

export interface DeliveredFindings {
  found: DeliveredFact[];
  notes: string[];
}

/** Returns null if the answer needs the texts of all code files. */
export async function deliveredNearby(tree: DeliveredTree): Promise<DeliveredFindings | null> {
  return needsAllCode(tree) || asksWiring(tree) ? null : delivered(tree);
}

export async function delivered(tree: DeliveredTree): Promise<DeliveredFindings> {
  if (mayChangeOutput(tree)) await readLinks({ paths: tree.paths, texts: tree.after });
  const [texts, wiring] = [findDelivered(tree), await wiringOf(tree)];
  return { found: [...texts.found, ...wiring.found], notes: [...texts.notes, ...wiring.notes] };
}
