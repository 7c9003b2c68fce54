/**
 * What a change alters beside tests: something that runs, documents that the plan names, or neither, such as comments. Pure.
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

/** `documents`: none of its lines runs, and the plan is about documents only, those that it changes. */
export type Altered = 'code' | 'documents' | 'nothing';

/**
 * `diff` is unified text with git's headers. A line that is no comment, added or removed outside of tests and documents, is code.
 * `planned` are the files that the plan names; `isTest` tells tests from production by who reads them.
 */
export function alteredBy(diff: string, planned: readonly string[], isTest = isTestPath): Altered {
  const named = planned.map((path) => path.replace(/^(?:\.?\/)+/, ''));
  const isOfDocuments = named.some((path) => DOCUMENTS.test(path)) && named.every(isDocumentOrTest);
  const kinds = diff
    // Lines end with a line feed only: other separators may stand in a file's own text.
    .split(/(?<=^|\n)(?=diff --git )/)
    .filter((section) => section.startsWith('diff --git '))
    .map((section) => alteredIn(section, isOfDocuments ? named : [], isTest));
  return kinds.find((kind) => kind === 'code') ?? kinds.find((kind) => kind === 'documents') ?? 'nothing';
}

function alteredIn(section: string, documents: readonly string[], isTest: (path: string) => boolean): Altered {
  const path = /^diff --git (?:"?a\/.*"? )"?b\/(.*?)"?$/m.exec(section)?.[1] ?? '';
  if (isTest(path)) return 'nothing';
  const start = section.indexOf('\n@@ ');
  const lines = (start === -1 ? '' : section.slice(start)).split('\n').filter((line) => /^[+-]\s*\S/.test(line));
  if (DOCUMENTS.test(path)) return documents.includes(path) && lines.length > 0 ? 'documents' : 'nothing';
  // A binary file, a mode or a name has no lines to look at.
  if (start === -1) return 'code';
  const comment = COMMENTS.find(([files]) => files.test(path))?.[1];
  return lines.some((line) => comment?.test(line.slice(1)) !== true) ? 'code' : 'nothing';
}

const isDocumentOrTest = (path: string): boolean => DOCUMENTS.test(path) || isTestPath(path);
