/**
 * Whether a change alters anything that runs: comments, blank lines, documentation and tests do not. Pure.
 */
import { isTestPath } from '../files';

const DOCUMENTS = /\.(?:md|markdown|rst|adoc|txt)$|(?:^|\/)(?:LICENSE|NOTICE|AUTHORS|CHANGELOG|CODEOWNERS)[^/]*$/i;

/** Comment lines by the ending of the file; every line of a file of another kind counts. */
const COMMENTS: ReadonlyArray<readonly [files: RegExp, comment: RegExp]> = [
  [
    /\.(?:[cm]?[jt]sx?|go|rs|java|kt|scala|cs|swift|php|c|h|cc|cpp|hpp|dart|css|scss|less)$/,
    /^\s*(?:\/\/|\/\*|\*\/|\*(?:\s|$))/,
  ],
  [/\.(?:py|rb|sh|bash|toml|ya?ml|pl|r)$|(?:^|\/)(?:Makefile|Dockerfile)$/, /^\s*#/],
  [/\.(?:html?|xml|svg|vue)$/, /^\s*<!--.*-->\s*$/],
  [/\.(?:sql|lua|hs)$/, /^\s*--/],
];

/** `diff` is unified text with git's headers. True where a line that is no comment was added or removed outside of tests. */
export function changesCode(diff: string): boolean {
  return diff
    .split(/^(?=diff --git )/m)
    .filter((section) => section.startsWith('diff --git '))
    .some(changesCodeOfFile);
}

function changesCodeOfFile(section: string): boolean {
  const path = /^diff --git (?:"?a\/.*"? )"?b\/(.*?)"?$/m.exec(section)?.[1] ?? '';
  if (isTestPath(path) || DOCUMENTS.test(path)) return false;
  const start = section.indexOf('\n@@ ');
  // A binary file, a mode or a name has no lines to look at.
  if (start === -1) return true;
  const comment = COMMENTS.find(([files]) => files.test(path))?.[1];
  const lines = section.slice(start).split('\n');
  return lines.some(
    (line) => /^[+-]/.test(line) && line.slice(1).trim() !== '' && comment?.test(line.slice(1)) !== true,
  );
}
