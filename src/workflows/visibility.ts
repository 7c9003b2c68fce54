/**
 * What operators see of a build without asking it: memo, search attributes, current details.
 *
 * One combined upsert a phase: each costs an event and a database write, so nothing is written that has not changed.
 */
import { setCurrentDetails, upsertMemo, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type { ContinueAsNewOptions } from '@temporalio/workflow';
import { trailCounts } from '../domain/build/archive';
import type { BuildState } from '../domain/build/state';
import { describeState, ownerOf } from '../domain/states';
import { cardOf } from '../domain/build/view';
import type { BuildCard } from '../domain/build/view';
import { searchAttributesOf } from './attributes';
import { createBuildLog } from './build-log';

/** Remembers what was shown last. `attributes` is false on servers that do not know our search attributes. */
export function createShowcase() {
  let shownCard = textOf(workflowInfo().memo?.card);
  const shown: Record<string, string> = {};
  const say = createBuildLog();
  const attributesKnown = workflowInfo().memo?.attributes !== false;

  return function show(build: BuildState): void {
    const card = cardOf(build);
    say(build);
    // Costs no event, and the start has set none.
    setCurrentDetails(detailsOf(build, card));
    const cardText = textOf(card);
    if (cardText === shownCard) return;
    shownCard = cardText;
    upsertMemo({ card });
    if (!attributesKnown) return;
    const changed = Object.entries(searchAttributesOf(build)).filter(
      ([name, [value]]) => shown[name] !== String(value),
    );
    if (changed.length === 0) return;
    for (const [name, [value]] of changed) shown[name] = String(value);
    upsertSearchAttributes(Object.fromEntries(changed));
  };
}

/** What the run after continue-as-new is to show from its first moment: the server would give it the memo that the build began with. */
export function shownOf(build: BuildState): Pick<ContinueAsNewOptions, 'memo' | 'searchAttributes'> {
  const { memo = {} } = workflowInfo();
  const attributes = memo.attributes === false ? {} : { searchAttributes: searchAttributesOf(build) };
  return { memo: { ...memo, card: cardOf(build) }, ...attributes };
}

/** Without `usage`: a step that only spent tokens writes no event, and histories of before replay. */
function textOf(card: unknown): string {
  return JSON.stringify({ ...(card as BuildCard | undefined), usage: undefined });
}

/** Markdown for the Web UI. */
function detailsOf(build: BuildState, { expects, failure, refused }: BuildCard): string {
  const lines = [
    `**${build.state}** (${ownerOf(build.state) ?? 'nobody'}): ${describeState(build.state, { isReleased: build.release !== null })}`,
    `Next: ${expects.task}`,
    `Generation ${build.generation}, ${trailCounts(build).handoffs} handoffs, commit ${build.commit?.slice(0, 12) ?? 'none'}`,
  ];
  if (failure !== null) lines.push(`Failed: ${failure.type}: ${failure.message}`);
  if (refused.count > 0) lines.push(`Refused signals: ${refused.count}; last: ${refused.last}`);
  return lines.join('\n\n');
}
