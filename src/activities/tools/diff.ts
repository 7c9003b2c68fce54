/**
 * The tool that shows the change of the build: what the tree differs in from the commit that the build began on.
 */
import { z } from 'zod';
import { diffsByPath } from '../../domain/evidence/diff-sections';
import { pathIn, refused, tool } from './bench';
import { place } from './look';
import { callOf, count, counted, linesOf, numbered, page } from './show';

const PAGE_LINES = 400;

export const diff = tool({
  description:
    'Shows the change of this build against the commit that it began on: without path the changed files, with path the difference of one file, by line numbers of the difference.',
  input: z.object({
    path: z.string().nullish(),
    from: place.describe('The first line to show, from 1.'),
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
    const section = diffsByPath(await deps.workspace.diff(at, base, at.commit)).get(name);
    if (section === undefined)
      return refused(
        `the difference of this build has no text of ${JSON.stringify(name)}: it is not changed, or no text; ${callOf('diff', {})} lists what is changed`,
      );
    const rows = linesOf(section).map((line, index) => numbered(line, index + 1));
    if (start > rows.length) return refused(`the difference has only ${counted(rows.length, 'line')}`);
    return {
      output: page({
        ...{ rows, from: start, most: PAGE_LINES },
        head: (from, to) => `difference of ${name}: lines ${count(from)} to ${count(to)} of ${count(rows.length)}`,
        rest: (next) =>
          `lines ${count(next)} to ${count(rows.length)} are left out: ${callOf('diff', { path, from: next })}`,
      }),
    };
  },
});
