/**
 * Finds options by which an interpreter or a loader runs other code before the product, or removes docstrings that the product
 * reads. No test uses these options. Pure.
 */
import type { DeliveredFact } from '../../../domain/delivered';
import { changedPaths, isProduct, linesOf } from '../tree';
import type { DeliveredTree } from '../tree';
import { kindOfSetUp, ownKind } from './kinds';
import { additionalRows, rowsOf } from './rows';

const OTHER_START_FILE = /\.(?:sh|bash|ps1)$|(^|\/)\.env[^/]*$|\.env$|(^|\/)package\.json$/;
const ALLOCATORS = /jemalloc|tcmalloc|mimalloc|hoard|nss_wrapper/i;
const KNOWN_AGENTS =
  /opentelemetry|newrelic|dd-java-agent|datadog|elastic-?apm|jacoco|skywalking|applicationinsights|glowroot|pinpoint|jolokia|jmx|lombok|aspectjweaver/i;
/** Patterns of options that load other code, each with the well-known tools for which it is allowed. */
const PRELOAD_OPTIONS: ReadonlyArray<readonly [RegExp, RegExp | null]> = [
  [/(?:--import|--require|--loader|--experimental-loader|\s-r)[\s=,]{1,3}(?:data|https?|blob):/, null],
  [/\bLD_PRELOAD\b\s?[=: ]\s?\S/, ALLOCATORS],
  [/\bDYLD_INSERT_LIBRARIES\b|\bDOTNET_STARTUP_HOOKS\b|\bPYTHONSTARTUP\b|\bBASH_ENV\b\s?[=:]\s?\S/, null],
  [/\bRUBYOPT\b\s?[=: ].{0,80}-r|\bPERL5OPT\b\s?[=: ].{0,80}-[MId]|\bauto_prepend_file\b/, null],
  [/-javaagent:|-agentpath:|-agentlib:(?!jdwp)|-Xbootclasspath|--patch-module/, KNOWN_AGENTS],
];
const DROPS_DOCSTRINGS =
  /\bpython[\d.]{0,5}[\s,]{1,3}(?:-\w{1,5}[\s,]{1,3}){0,4}-\w{0,4}OO|\bPYTHONOPTIMIZE\b\s?[=: ]\s?[2-9]/;

export function findStartOptions(tree: DeliveredTree): DeliveredFact[] {
  return [...findPreloadedCode(tree), ...findLostDocstrings(tree)];
}

function findPreloadedCode(tree: DeliveredTree): DeliveredFact[] {
  return changedPaths(tree).flatMap((path) => {
    const kind = kindOfSetUp(tree, path) ?? (OTHER_START_FILE.test(path) ? ({ name: 'unit' } as const) : undefined);
    if (kind === undefined) return [];
    const rows = rowsOf(tree.after.get(path) ?? '', kind);
    return additionalRows(rows, rowsOf(tree.before.get(path) ?? '', kind)).flatMap(
      ({ line, text }): DeliveredFact[] => {
        const found = PRELOAD_OPTIONS.find(([option, known]) => option.test(text) && !(known?.test(text) ?? false));
        if (found === undefined) return [];
        const what =
          'starts the product with other code under it, which no test has run; put what the product needs into its own code';
        return [{ path, line, what, text, showsWholeChange: true }];
      },
    );
  });
}

/** Signs of a line that only shows the docstring in a help text. */
const FOR_HELP = /description|help|usage|epilog|print|__doc__\s?=|doc\s?=|wraps|log/i;

/** Finds code that reads docstrings although `python -OO` removes them. */
function findLostDocstrings(tree: DeliveredTree): DeliveredFact[] {
  const reads = tree.added.filter(
    ({ path, text }) =>
      path.endsWith('.py') && isProduct(path) && /\.__doc__\b|\bgetdoc\(/.test(text) && !FOR_HELP.test(text),
  );
  if (reads.length === 0) return [];
  const start = [...tree.after].find(
    ([path, text]) => (ownKind(tree, path) !== undefined || OTHER_START_FILE.test(path)) && dropsDocstrings(text),
  );
  if (start === undefined) return [];
  const what = `reads a docstring, and ${start[0]} starts Python without docstrings (-OO): in production there is none; put the rule into code`;
  return reads.map(({ path, line, text }) => ({ path, line, what, text }));
}

function dropsDocstrings(text: string): boolean {
  return linesOf(text).some(
    (line) => !/^\s*#/.test(line) && DROPS_DOCSTRINGS.test(line.slice(0, 1_000).replace(/["'[\]]/g, '')),
  );
}
