/**
 * Reads what a replay needs: recording variants of sources, dates in them, and recorded calls. Takes and returns plain data. Pure.
 */
import type { RecordedGroup } from '../../domain/experiments/replay-setting';
import { futureDates } from '../replay/dates';
import { readGroups } from '../replay/read-record';
import { recordingOf } from '../replay/variant';
import type { Recorders, Recording, SourceText } from '../replay/variant';

/** Returns for each path the variant of the source that records calls. */
export function recordingsOf({ sources, ...into }: { sources: SourceText[]; recorders: Recorders; folder: string }) {
  return new Map(sources.map((source): [string, Recording] => [source.path, recordingOf(source, into)]));
}

/** Returns for each path the future dates that the source contains. */
export function datesOf({ sources, nowMs }: { sources: SourceText[]; nowMs: number }): Map<string, number[]> {
  return new Map(sources.map(({ path, text }) => [path, futureDates(text, nowMs)]));
}

export function groupsIn({ texts, paths }: { texts: string[]; paths: ReadonlySet<string> }): RecordedGroup[] {
  return readGroups(texts, paths);
}
