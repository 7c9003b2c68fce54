/**
 * Finds new events that the product emits and only tests handle, or that the product handles and only tests emit. Pure.
 */
import type { DeliveredFact } from '../../domain/delivered';
import { changedPaths, isForTests, isProduct } from '../delivered/tree';
import type { DeliveredTree } from '../delivered/tree';
import type { Starts } from './starts';
import type { Wiring } from './wiring';

const NAME = '["\'`]([\\w:./-]{2,60})["\'`]';
const EMITS = new RegExp(
  `(?<![$\\w])([\\w$]{1,40})(?:\\(\\))?\\.(?:emit|fire|trigger|publish|dispatch|raise_event|send_event)\\(\\s?${NAME}`,
);
const HANDLES = new RegExp(
  `(?<![$\\w])([\\w$]{1,40})(?:\\(\\))?\\.(?:on|once|off|addListener|prependListener|subscribe|listen|add_listener|on_event)\\(\\s?${NAME}`,
);
/** Events of runtimes and pages. */
const USUAL =
  /^(?:error|close|closed|end|data|finish|finished|open|ready|change|message|drain|exit|connect|connection|disconnect|request|response|listening|line|click|load|input|submit|abort|timeout|warning|beforeExit|SIG\w+|uncaughtException|unhandledRejection|progress|pause|resume|readable|pipe)$/;
/** Receivers that talk to other programs. */
const OUTSIDE =
  /^(?:socket|sock|ws|wss|io|client|server|process|channel|redis|nats|mqtt|kafka|broker|producer|consumer|page|window|document|\$|jQuery|app|bot|worker|parent|port|child|stream|req|res|request|response|rl|conn|connection)$/i;

export function unheardEvents(tree: DeliveredTree, starts: Starts): Wiring {
  const found: DeliveredFact[] = [];
  const notes: string[] = [];
  const changed = new Set(changedPaths(tree).filter((path) => isProduct(path) && /\.(?:[cm]?[jt]sx?|py)$/.test(path)));
  const seen = new Set<string>();
  for (const row of tree.added.filter(({ path }) => changed.has(path))) {
    const [emitted, handled] = [EMITS.exec(row.text.slice(0, 500)), HANDLES.exec(row.text.slice(0, 500))];
    const [, receiver = '', event = ''] = emitted ?? handled ?? [];
    if (event === '' || USUAL.test(event) || OUTSIDE.test(receiver) || seen.has(event)) continue;
    seen.add(event);
    const otherSide = emitted === null ? EMITS : HANDLES;
    const sameSide = emitted === null ? HANDLES : EMITS;
    const hasCounterpart = [...tree.after].some(
      ([path, text]) => !isForTests(path) && mentionsEvent(text, event, sameSide),
    );
    const test = placeInTests(tree, event, otherSide);
    // A handler counts only if the product creates the event bus itself.
    if (hasCounterpart || test === undefined || (emitted === null && !createsBus(tree))) continue;
    const what =
      emitted === null
        ? `listens to "${event}", which only tests tell (${test}): where the product runs, this is never called; tell it where it happens`
        : `tells "${event}", which only tests hear (${test}): where the product runs, nothing comes of it; listen to it there`;
    if (!starts.isLibrary(row.path)) found.push({ ...row, what });
    else notes.push(`${row.path}:${row.line} ${what}`);
  }
  return { found, notes };
}

/** True if the text has the event's name in another place: the code there may be the other side. */
function mentionsEvent(text: string, event: string, sameSide: RegExp): boolean {
  if (!text.includes(event)) return false;
  const quoted = [`'${event}'`, `"${event}"`, `\`${event}\``, `@${event}`, `on:${event}`, `on_${event}`];
  return text
    .split('\n')
    .some((row) => quoted.some((one) => row.includes(one)) && sameSide.exec(row.slice(0, 500))?.[2] !== event);
}

function placeInTests({ after }: DeliveredTree, event: string, pattern: RegExp): string | undefined {
  for (const [path, text] of after) {
    if (!isForTests(path) || !text.includes(event)) continue;
    const at = text.split('\n').findIndex((row) => pattern.exec(row.slice(0, 500))?.[2] === event);
    if (at >= 0) return `${path}:${at + 1}`;
  }
  return undefined;
}

function createsBus({ after }: DeliveredTree): boolean {
  return [...after].some(
    ([path, text]) =>
      isProduct(path) &&
      /\bnew (?:\w+\.)?EventEmitter\b|\bextends (?:\w+\.)?EventEmitter\b|\bmitt\(|\bnew EventTarget\b/.test(text),
  );
}
