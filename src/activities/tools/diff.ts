/**
 * The tool `diff`: shows the difference between the build's base commit and the current tree.
 */
import { z } from 'zod';
import { sectionsOf } from '../../domain/evidence/diff-sections';
import { pathIn, refused, tool } from './tool-context';
import { lineNumber } from './look';
import { callOf, count, counted, linesOf, numbered, page } from '../../inspect/tool-texts/show';

const PAGE_LINES = 400;

export const diff = tool({
  description:
    'Shows the change of this build against the commit that it began on: without path the changed files, with path the difference of one file, by line numbers of the difference.',
  input: z.object({
    path: z.string().nullish(),
    from: lineNumber.describe('The first line to show, from 1.'),
  }),
  async carryOut({ deps, at, base }, { path, from: first }) {
    const start = first ?? 1;
    if (path == null || path === '') {
      const changes = await deps.workspace.changes(at, base, at.commit);
      const rows = changes.map((one) => `${one.path} ${one.status}`);
      if (start > Math.max(1, rows.length)) return refused(`there are only ${counted(rows.length, 'changed file')}`);
      const head = () => `the build changes ${counted(rows.length, 'file')}`;
      const rest = (next: number) =>
        `files ${count(next)} to ${count(rows.length)} are left out: ${callOf('diff', { from: next })}`;
      return { output: page({ head, rows, from: start, most: PAGE_LINES, rest }) };
    }
    const name = pathIn(path);
    const changedFiles = await deps.workspace.contentChanges(at, base, at.commit);
    if (!changedFiles.some((one) => one.path === name))
      return refused(`the build changes no file ${JSON.stringify(name)}; ${callOf('diff', {})} lists what it changes`);
    const { text, isWhole } = await deps.workspace.diffOf(at, { from: base, to: at.commit, path: name });
    // Git quotes some names, so that `sectionsOf` may not find them; the text is about this path only, so all of it is shown then.
    const rows = linesOf(sectionsOf(text, name) || text).map((line, index) => numbered(line, index + 1));
    if (rows.length === 0)
      return refused(
        `${JSON.stringify(name)} is changed, but git shows its difference not as text; read shows the file`,
      );
    if (start > rows.length) return refused(`the difference has only ${counted(rows.length, 'line')}`);
    const cutNote = `the difference is longer than what can be shown, so its end is missing after line ${count(rows.length)}: read shows the file`;
    return {
      output: page({
        ...{ rows, from: start, most: PAGE_LINES },
        head: (from, to) =>
          `difference of ${name}: lines ${count(from)} to ${count(to)} of ${count(rows.length)}${isWhole ? '' : ' and more'}`,
        rest: (next) =>
          `lines ${count(next)} to ${count(rows.length)} are left out: ${callOf('diff', { path, from: next })}`,
        notes: () => (isWhole ? [] : [cutNote]),
      }),
    };
  },
});
