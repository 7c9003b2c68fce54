/**
 * Lists the readers that run in worker threads. Each takes all that it needs as plain data and returns plain data. Pure.
 */
import { weakenedIn } from './readings/around-tests';
import { delivered, deliveredNearby } from './readings/delivered';
import { importsIn, packagesIn } from './readings/dependencies';
import { datesOf, groupsIn, recordingsOf } from './readings/replay';
import { harmOfFiles } from './readings/harm';
import { judgesIn, ledTo } from './readings/judges';
import { materialIn } from './readings/material';
import { originsIn } from './readings/origins';
import { questionsIn } from './readings/questions';
import { redactedText, redactedValue } from './readings/redacted';
import { sealedRecord } from './readings/sealed-record';
import { secretsIn } from './readings/secrets';
import { sparedIn } from './readings/spared-edits';
import { unfairIn } from './readings/tests';
import { unaskedLines } from './replay/unasked-lines';
import { editText } from './tool-texts/edit-text';
import type { TextEdit } from './tool-texts/edit-text';
import { showLines } from './tool-texts/show-lines';

export const READERS = {
  dates: datesOf,
  delivered,
  deliveredNearby,
  edits: ({ text, edits }: { text: string; edits: TextEdit[] }) => editText(text, edits),
  groups: groupsIn,
  harm: harmOfFiles,
  imports: importsIn,
  judges: judgesIn,
  ledTo,
  lines: showLines,
  material: materialIn,
  origins: originsIn,
  packages: packagesIn,
  questions: questionsIn,
  recordings: recordingsOf,
  redactedText,
  redactedValue,
  sealedRecord,
  secrets: secretsIn,
  spared: sparedIn,
  unasked: unaskedLines,
  unfair: unfairIn,
  weakened: weakenedIn,
} as const;

export type ReaderName = keyof typeof READERS;
export type ReaderInput<N extends ReaderName> = Parameters<(typeof READERS)[N]>[0];
export type ReaderAnswer<N extends ReaderName> = Awaited<ReturnType<(typeof READERS)[N]>>;
