/**
 * Journals of answers on disk: a folder a call, a file an answer, written as the bytes come.
 *
 * Written at once and in place: what a killed process wrote is in the hands of the system. Only a crash of the machine may lose it,
 * and then the call is made again.
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
      const heard = await Promise.all(
        names
          .sort()
          .reverse()
          .map(async (name) => read(await readFile(join(folder, name)))),
      );
      return heard.flatMap((answer) => answer ?? []);
    },
    begin(head) {
      mkdirSync(folder, { recursive: true });
      const file = openSync(join(folder, `${Date.now()}-${randomUUID()}`), 'wx', 0o600);
      writeSync(file, `${JSON.stringify(head)}\n`);
      let isOpen = true;
      return (bytes) => {
        if (!isOpen) return;
        try {
          // The last call has no bytes.
          if (bytes.byteLength > 0) return void writeSync(file, bytes);
        } catch {
          // A full disk: what is not whole is no answer, so the call is made again.
        }
        isOpen = false;
        closeSync(file);
      };
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Undefined for what a killed process had not written the first line of. */
function read(bytes: Buffer): HeardAnswer | undefined {
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
