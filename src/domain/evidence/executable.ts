/**
 * What a change alters beside tests: something that runs, documents that the plan names, or nothing of both, such as comments. Pure.
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

/** `documents`: none of its lines runs, and one of its documents is what the plan says it is about. */
export type Altered = 'code' | 'documents' | 'nothing';

/**
 * `diff` is unified text with git's headers. A line that is no comment, added or removed outside of tests and documents, is code.
 * `planned` are the files that the plan names.
 */
export function alteredBy(diff: string, planned: readonly string[]): Altered {
  const kinds = diff
    .split(/^(?=diff --git )/m)
    .filter((section) => section.startsWith('diff --git '))
    .map((section) => alteredIn(section, planned));
  return kinds.find((kind) => kind === 'code') ?? kinds.find((kind) => kind === 'documents') ?? 'nothing';
}

function alteredIn(section: string, planned: readonly string[]): Altered {
  const path = /^diff --git (?:"?a\/.*"? )"?b\/(.*?)"?$/m.exec(section)?.[1] ?? '';
  if (isTestPath(path)) return 'nothing';
  if (DOCUMENTS.test(path)) return planned.includes(path) ? 'documents' : 'nothing';
  const start = section.indexOf('\n@@ ');
  // A binary file, a mode or a name has no lines to look at.
  if (start === -1) return 'code';
  const comment = COMMENTS.find(([files]) => files.test(path))?.[1];
  const runs = (line: string): boolean =>
    /^[+-]/.test(line) && line.slice(1).trim() !== '' && comment?.test(line.slice(1)) !== true;
  return section.slice(start).split('\n').some(runs) ? 'code' : 'nothing';
}
