/**
 * Stores the journals of model answers on disk: one folder for each call, one file for each answer, written as bytes arrive.
 *
 * Every chunk goes to the operating system at once, so it survives the death of the worker. A crash of the machine may lose it,
 * and then the worker makes the call again.
 */
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { readFile, readdir, rm } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { sha256 } from '../../inspect/digest';
import { isObject } from '../../domain/json';
import type { AnswerJournal, AnswerJournals, HeardAnswer, HeardHead } from '../../ports/answer-journal';

export function createAnswerJournals(root: string): AnswerJournals {
  return { of: (key) => journalIn(join(root, sha256(key))) };
}

function journalIn(folder: string): AnswerJournal {
  return {
    async load() {
      const names = await readdir(folder).catch((): string[] => []);
      const answers = await Promise.all(
        names
          .sort()
          .reverse()
          .map(async (name) => parseAnswer(await readFile(join(folder, name)))),
      );
      return answers.flatMap((answer) => answer ?? []);
    },
    begin(head) {
      // The disk may be full. The answer that arrives is used all the same: only a worker that takes over cannot read it.
      let file = openFile(folder, head);
      return (bytes) => {
        if (file === undefined) return;
        // An empty chunk marks the end of the answer. An incomplete one is not used by a worker that takes over.
        if (bytes.byteLength > 0 && isWritten(file, bytes)) return;
        closeSync(file);
        file = undefined;
      };
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Opens the file of a new answer; undefined if it cannot be written. */
function openFile(folder: string, head: HeardHead): number | undefined {
  try {
    mkdirSync(folder, { recursive: true });
    const file = openSync(join(folder, `${Date.now()}-${randomUUID()}`), 'wx', 0o600);
    if (isWritten(file, Buffer.from(`${JSON.stringify(head)}\n`))) return file;
    closeSync(file);
  } catch {
    // As if there were no journal.
  }
  return undefined;
}

function isWritten(file: number, bytes: Uint8Array): boolean {
  try {
    return writeSync(file, bytes) === bytes.byteLength;
  } catch {
    return false;
  }
}

/** Returns undefined if the file has no readable first line, as after a process that was killed while it wrote that line. */
function parseAnswer(bytes: Buffer): HeardAnswer | undefined {
  const end = bytes.indexOf('\n');
  if (end === -1) return undefined;
  let head: unknown;
  try {
    head = JSON.parse(bytes.subarray(0, end).toString('utf8'));
  } catch {
    return undefined;
  }
  if (!isObject(head) || typeof head.request !== 'string' || typeof head.contentType !== 'string') return undefined;
  return { request: head.request, contentType: head.contentType, body: bytes.subarray(end + 1) };
}
