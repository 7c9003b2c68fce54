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
import type { AnswerJournal, AnswerJournals, HeardAnswer } from '../../ports/answer-journal';

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
      mkdirSync(folder, { recursive: true });
      const file = openSync(join(folder, `${Date.now()}-${randomUUID()}`), 'wx', 0o600);
      writeSync(file, `${JSON.stringify(head)}\n`);
      let isOpen = true;
      return (bytes) => {
        if (!isOpen) return;
        try {
          // An empty chunk marks the end of the answer.
          if (bytes.byteLength > 0) return void writeSync(file, bytes);
        } catch {
          // The disk may be full. An incomplete answer is not used, so the worker makes the call again.
        }
        isOpen = false;
        closeSync(file);
      };
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
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
