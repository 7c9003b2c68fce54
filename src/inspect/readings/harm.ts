/**
 * Finds harmful lines in changed files, and harm that only a comparison with the old text shows. Takes and returns plain data. Pure.
 */
import { changesOf } from '../../domain/experiments/changed-files';
import { alteredHarms } from '../harm/altered/altered';
import type { HarmKind } from '../harm/harmed-files';
import { harmfulLines } from '../harm/harmful-lines';
import type { HarmfulLines } from '../harm/harmful-lines';
import type { Harm } from '../harm/rule';

interface ChangedFile {
  path: string;
  text: string;
  kind: HarmKind;
  /** The text at the base; absent if the file is new. */
  before?: string;
}
export interface HarmOfText extends HarmfulLines {
  path: string;
  text: string;
  /** Harm that only the comparison with the old text shows. */
  altered: Harm[];
}

/** `diff`: the diff of the whole change, as git prints it. */
export function harmOfFiles({ files, diff }: { files: ChangedFile[]; diff: string }): Array<Omit<HarmOfText, 'text'>> {
  const changes = changesOf(diff);
  return files.map(({ path, text, kind, before }) => {
    const change = changes.get(path);
    const isKnown = before !== undefined && change !== undefined;
    const altered = isKnown ? alteredHarms({ path, before, after: text, change }) : [];
    return { path, ...harmfulLines(path, text, kind), altered };
  });
}
