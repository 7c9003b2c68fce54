/**
 * A change that means nothing: one comment more at the end of a source file. What turns red at it says nothing of a break. Pure.
 */

const COMMENTS: ReadonlyArray<readonly [files: RegExp, line: string]> = [
  [
    /\.(?:[cm]?[jt]sx?|go|rs|java|kt|scala|cs|swift|c|h|cc|cpp|hpp|dart|groovy)$/,
    '// The same, with one comment more.',
  ],
  [/\.(?:py|rb|sh|bash|pl|r|ex|exs)$/, '# The same, with one comment more.'],
  [/\.php$/, ''],
  [/\.(?:vue|svelte|html?)$/, '<!-- The same, with one comment more. -->'],
  [/\.(?:lua|sql|hs)$/, '-- The same, with one comment more.'],
];

/** Undefined for a kind of file whose comments are not known. */
export function withComment(path: string, text: string): string | undefined {
  const line = COMMENTS.find(([files]) => files.test(path))?.[1];
  if (line === undefined) return undefined;
  return `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${line}\n`;
}
