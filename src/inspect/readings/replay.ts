/**
 * What sources and recorded calls say to those who make the calls again. Plain data in and out. Pure.
 */
import type { RecordedGroup } from '../../domain/experiments/replay-setting';
import { datesToCome } from '../replay/dates';
import { readGroups } from '../replay/read-record';
import { recordingOf } from '../replay/variant';
import type { Recorders, Recording, SourceText } from '../replay/variant';

/** By path: the variants that record calls. */
export function recordingsOf({ sources, ...into }: { sources: SourceText[]; recorders: Recorders; folder: string }) {
  return new Map(sources.map((source): [string, Recording] => [source.path, recordingOf(source, into)]));
}

/** By path: dates to come that the source names. */
export function datesOf({ sources, nowMs }: { sources: SourceText[]; nowMs: number }): Map<string, number[]> {
  return new Map(sources.map(({ path, text }) => [path, datesToCome(text, nowMs)]));
}

export function groupsIn({ texts, paths }: { texts: string[]; paths: ReadonlySet<string> }): RecordedGroup[] {
  return readGroups(texts, paths);
}
