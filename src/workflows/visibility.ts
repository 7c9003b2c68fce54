/**
 * Publishes what operators see of a build without a query: memo, search attributes, current details.
 *
 * Each upsert costs an event and a database write, so only values that have changed are written.
 */
import { setCurrentDetails, upsertMemo, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type { ContinueAsNewOptions } from '@temporalio/workflow';
import { trailCounts } from '../domain/build/archive';
import type { BuildState } from '../domain/build/state';
import { describeState, ownerOf } from '../domain/states';
import { cardOf } from '../domain/build/card';
import type { BuildCard } from '../domain/build/card';
import { searchAttributesOf } from './attributes';
import { createBuildLog } from './build-log';

/**
 * Gives a function that publishes a build and remembers what it published. The memo's `attributes` is false on a server that lacks
 * the search attributes.
 */
export function createVisibility() {
  let shownCard = textOf(workflowInfo().memo?.card);
  const shownAttributes: Record<string, string> = {};
  const logNewEvents = createBuildLog();
  const hasAttributes = workflowInfo().memo?.attributes !== false;

  return function publish(build: BuildState): void {
    const card = cardOf(build);
    logNewEvents(build);
    // setCurrentDetails adds no event of history, and the start request sets no details.
    setCurrentDetails(detailsOf(build, card));
    const cardText = textOf(card);
    if (cardText === shownCard) return;
    shownCard = cardText;
    upsertMemo({ card });
    if (!hasAttributes) return;
    const changedAttributes = Object.entries(searchAttributesOf(build)).filter(
      ([name, [value]]) => shownAttributes[name] !== String(value),
    );
    if (changedAttributes.length === 0) return;
    for (const [name, [value]] of changedAttributes) shownAttributes[name] = String(value);
    upsertSearchAttributes(Object.fromEntries(changedAttributes));
  };
}

/** Gives continue-as-new the current memo and attributes; without them the next run would begin with the memo of the build's start. */
export function visibilityOptions(build: BuildState): Pick<ContinueAsNewOptions, 'memo' | 'searchAttributes'> {
  const { memo = {} } = workflowInfo();
  const attributes = memo.attributes === false ? {} : { searchAttributes: searchAttributesOf(build) };
  return { memo: { ...memo, card: cardOf(build) }, ...attributes };
}

/** The card as text without `usage` and `money`: a step that only spent tokens then writes no event, and older histories replay. */
function textOf(card: unknown): string {
  return JSON.stringify({ ...(card as BuildCard | undefined), usage: undefined, money: undefined });
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
