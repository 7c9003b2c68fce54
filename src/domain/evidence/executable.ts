/**
 * Classifies what a change alters apart from tests: code, documents that the plan names, or nothing, such as comments. Pure.
 */
import { isTestPath } from '../files';

const DOCUMENTS = /\.(?:md|markdown|rst|adoc|txt)$|(?:^|\/)(?:LICENSE|NOTICE|AUTHORS|CHANGELOG|CODEOWNERS)[^/]*$/i;

/** Patterns of comment lines by file ending. In other files every line counts as code. */
const COMMENT_LINES: ReadonlyArray<readonly [files: RegExp, comment: RegExp]> = [
  [
    /\.(?:[cm]?[jt]sx?|go|rs|java|kt|scala|cs|swift|php|c|h|cc|cpp|hpp|dart|css|scss|less)$/,
    /^\s*(?:\/\/|\/\*|\*\/|\*(?:\s|$))/,
  ],
  [/\.(?:py|rb|sh|bash|toml|ya?ml|pl|r)$|(?:^|\/)(?:Makefile|Dockerfile)$/, /^\s*#/],
  [/\.(?:html?|xml|svg|vue)$/, /^\s*<!--.*-->\s*$/],
  [/\.(?:sql|lua|hs)$/, /^\s*--/],
];

/** `documents`: no code changes, and the plan names only documents, among them the changed ones. */
export type Alteration = 'code' | 'documents' | 'nothing';

/**
 * `diff` is a unified diff with git's headers. Each added or removed line that is not a comment, outside of tests and documents,
 * is code. `planned` are the files that the plan names; `isTest` is true for a test file.
 */
export function classifyAlteration(diff: string, planned: readonly string[], isTest = isTestPath): Alteration {
  const plannedPaths = planned.map((path) => path.replace(/^(?:\.?\/)+/, ''));
  const plansDocumentsOnly = plannedPaths.some((path) => DOCUMENTS.test(path)) && plannedPaths.every(isDocumentOrTest);
  const kinds = diff
    // Split only at line feeds: a file's own text may contain other line separators.
    .split(/(?<=^|\n)(?=diff --git )/)
    .filter((section) => section.startsWith('diff --git '))
    .map((section) => sectionAlteration(section, plansDocumentsOnly ? plannedPaths : [], isTest));
  return kinds.find((kind) => kind === 'code') ?? kinds.find((kind) => kind === 'documents') ?? 'nothing';
}

function sectionAlteration(
  section: string,
  documents: readonly string[],
  isTest: (path: string) => boolean,
): Alteration {
  const path = /^diff --git (?:"?a\/.*"? )"?b\/(.*?)"?$/m.exec(section)?.[1] ?? '';
  if (isTest(path)) return 'nothing';
  const start = section.indexOf('\n@@ ');
  const lines = (start === -1 ? '' : section.slice(start)).split('\n').filter((line) => /^[+-]\s*\S/.test(line));
  if (DOCUMENTS.test(path)) return documents.includes(path) && lines.length > 0 ? 'documents' : 'nothing';
  // A change of a binary file, a mode or a name has no lines.
  if (start === -1) return 'code';
  const comment = COMMENT_LINES.find(([files]) => files.test(path))?.[1];
  return lines.some((line) => comment?.test(line.slice(1)) !== true) ? 'code' : 'nothing';
}

const isDocumentOrTest = (path: string): boolean => DOCUMENTS.test(path) || isTestPath(path);
