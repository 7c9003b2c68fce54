/**
 * Finds changes of CI scripts and Makefiles after which a failing check no longer fails the run. Pure.
 */
import type { DeliveredFact } from '../../../domain/delivered';
import { changedPaths, linesOf } from '../tree';
import type { DeliveredTree } from '../tree';
import { kindOfSetUp } from './kinds';
import { additionalRows, rowsOf } from './rows';
import type { Row } from './rows';

const MAKEFILE = /(^|\/)(?:GNUm|[mM])akefile$|\.mk$/;
const CHECK_COMMAND =
  /\b(?:tests?|lint|checks?|verify|vet|pytest|jest|vitest|mocha|ava|tap|tsc|mypy|pyright|ruff|flake8|pylint|eslint|clippy|golangci-lint|staticcheck|mvn|mvnw|gradlew?|ctest|rspec|phpunit|tox|nox|audit|deny|trivy|semgrep|shellcheck)\b/;
/** Endings of a command that replace its exit code, each with the effect. */
const IGNORED_FAILURE: ReadonlyArray<readonly [RegExp, string]> = [
  [
    /^\s?(?:\|\||;)\s?(?:\/bin\/)?(?:true|:|exit 0|echo\b.{0,200}|printf\b.{0,200})\s?;?$/,
    'its failure counts as success',
  ],
  [/^\s?&$/, 'it runs in the background, and its exit code is lost'],
];
const PIPED_AWAY = /^(?:\s?2>&1)?\s?\|&?\s?(?:tee|cat|head|tail|sed|awk|ts|sort|uniq|less|more|col|grep -v)\b/;
const MAKE_IGNORES_ERRORS =
  /^\.IGNORE\b|^(?:export |override )?(?:MAKEFLAGS|MFLAGS|GNUMAKEFLAGS)\s?[:+?]?=.{0,200}(?:-\w{0,5}[ik]|--ignore-errors|--keep-going)|^(?:export |override )?SHELL\s?[:+?]?=\s?\S{0,40}\b(?:true|echo)\b/;

export function findIgnoredExitCodes(tree: DeliveredTree): DeliveredFact[] {
  return changedPaths(tree).flatMap((path) => {
    const kind = kindOfSetUp(tree, path);
    const isMake = kind?.name === 'make' || MAKEFILE.test(path);
    if (!isMake && kind?.name !== 'pipeline') return [];
    const text = tree.after.get(path) ?? '';
    const [rows, former] = [text, tree.before.get(path) ?? ''].map((one) =>
      rowsOf(one, { name: isMake ? 'make' : 'pipeline' }),
    );
    if (rows === undefined || former === undefined) return [];
    const removedRows = additionalRows(former, rows);
    const hidesPipeFailures = !linesOf(text).some((line) => /\bpipefail\b/.test(line) && !/^\s*#/.test(line));
    return additionalRows(rows, former).flatMap((row): DeliveredFact[] => {
      const why =
        isMake && MAKE_IGNORES_ERRORS.test(row.text)
          ? 'make goes on after a step that failed'
          : reasonFor(row, removedRows, hidesPipeFailures);
      if (why === undefined) return [];
      const what = `judges later changes, and no longer sees that a check fails: ${why}; let the exit code of the check decide`;
      return [{ path, line: row.line, what, text: row.text, showsWholeChange: true }];
    });
  });
}

/** Returns the reason if the row runs a check as a removed row did, but loses its exit code. */
function reasonFor({ text }: Row, removedRows: readonly Row[], hidesPipeFailures: boolean): string | undefined {
  if (/^set \+\w{0,5}e|^set \+o errexit/.test(text)) return 'the script goes on after a step that failed';
  for (const before of removedRows) {
    if (!CHECK_COMMAND.test(before.text)) continue;
    if (
      /^-@?|^@-/.test(text) &&
      text.replace(/^[-@]{1,2}/, '') === before.text.replace(/^@/, '') &&
      !/^@?-/.test(before.text)
    )
      return 'make goes on where it fails';
    if (!text.startsWith(before.text)) continue;
    const end = text.slice(before.text.length);
    if (hidesPipeFailures && PIPED_AWAY.test(end)) return 'behind a pipe only the last command counts';
    const ending = IGNORED_FAILURE.find(([sign]) => sign.test(end.replace(/^\s?2?>\s?\S{1,80}/, '')));
    if (ending !== undefined) return ending[1];
  }
  return undefined;
}
