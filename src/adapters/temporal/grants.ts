/**
 * Asks a project's ledger for grants. The ask is a signal, and the answer is a document: so neither the build nor the caller's
 * activity adds an event to the build's history.
 *
 * The answer is noticed by a watch of the documents' folder, or by reading it from time to time where another machine writes it.
 */
import { randomUUID } from 'node:crypto';
import { watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import type { Client } from '@temporalio/client';
import { Failure } from '../../domain/failures';
import { workflowIdOf } from '../../domain/ids';
import type { GrantAsk, GrantDocument } from '../../domain/money/grants';
import { isCovered } from '../../domain/money/room';
import type { DocumentStore } from '../../ports/documents';
import type { Grant, GrantRequest, Grants } from '../../ports/grants';
import type { ReportProofs } from '../../ports/report-proofs';
import { PROJECT_WORKFLOW, askSignal, ledgerOptions } from '../../workflows/messages';
import { createBatches } from './batches';

const SIGNAL_TIMEOUT_MS = 8_000;
const READ_AGAIN_MS = 500;
/** A ledger that was terminated has lost the ask. */
const ASK_AGAIN_MS = 10_000;
const GIVE_UP_MS = 60_000;

interface GrantsOptions {
  client: Client;
  taskQueue: string;
  documents: DocumentStore;
  proofs: ReportProofs;
  /** The folder in which the documents of the collection `grants` lie. */
  folder: string;
  /** Shorter times for tests. */
  times?: { askAgainMs: number; giveUpMs: number };
}

export function createGrants(options: GrantsOptions): Grants {
  const { documents, folder, times = { askAgainMs: ASK_AGAIN_MS, giveUpMs: GIVE_UP_MS } } = options;
  const ask = createBatches<GrantAsk>((projectId, asks) => sendAsks(options, projectId, asks));
  const waitForChange = createFolderWatch(folder);
  return {
    async ensure(request) {
      const { projectId, buildId, signal } = request;
      const key = workflowIdOf({ projectId, buildId });
      const own = askOf(request);
      const read = async () => grantIn(await documents.load('grants', key), { request, askId: own.id });
      const begin = Date.now();
      let asked = -Infinity;
      for (let grant = await read(); ; grant = await read()) {
        signal.throwIfAborted();
        if (grant !== null) return grant;
        if (Date.now() - begin > times.giveUpMs) throw unavailable(projectId);
        const changed = waitForChange(`${key}.json`, READ_AGAIN_MS);
        if (Date.now() - asked > times.askAgainMs) {
          await ask(projectId, [own]).catch(() => Promise.reject(unavailable(projectId)));
          asked = Date.now();
        }
        await changed;
      }
    },
  };
}

/** The document's answer to the request; null where it has none. A refusal counts only for the ask that it answers. */
function grantIn(
  document: GrantDocument | undefined,
  { request, askId }: { request: GrantRequest; askId: string },
): Grant | null {
  if (document === undefined || document.epoch !== request.epoch) return null;
  if (isCovered(request.needed, document.granted)) return { granted: document.granted };
  const { refused, answers } = document;
  return refused !== undefined && answers === askId ? { refused } : null;
}

function askOf({ buildId, epoch, run, spent, needed }: GrantRequest): GrantAsk {
  return { id: randomUUID(), buildId, epoch, ...(run === undefined ? {} : { run }), spent, needed };
}

async function sendAsks({ client, taskQueue, proofs }: GrantsOptions, projectId: string, asks: GrantAsk[]) {
  const proven = await Promise.all(asks.map((ask) => proofs.prove(projectId, ask)));
  await client.connection.withDeadline(Date.now() + SIGNAL_TIMEOUT_MS, () =>
    client.workflow.signalWithStart(PROJECT_WORKFLOW, {
      ...ledgerOptions(projectId, taskQueue),
      signal: askSignal,
      signalArgs: [proven],
    }),
  );
}

function unavailable(projectId: string): Failure {
  const message = `the ledger of project ${projectId} does not answer; a worker must run, and Temporal must be reachable`;
  return new Failure('Ledger.Unavailable', message);
}

/** Gives a function that waits until a file of the folder changes, at most `ms`. The folder is watched while anyone waits. */
function createFolderWatch(folder: string): (name: string, ms: number) => Promise<void> {
  const waiting = new Set<{ name: string; wake: () => void }>();
  let watcher: FSWatcher | undefined;
  const begin = async () => {
    await mkdir(folder, { recursive: true });
    watcher ??= watch(folder, { persistent: false }, (_event, changed) => {
      for (const one of waiting) if (changed === null || changed === one.name) one.wake();
    }).on('error', end);
  };
  const end = () => {
    watcher?.close();
    watcher = undefined;
  };
  return async (name, ms) => {
    // Where the folder cannot be watched, the document is read again after `ms`.
    if (watcher === undefined) await begin().catch(end);
    await new Promise<void>((resolve) => {
      const one = { name, wake: () => finish() };
      const timer = setTimeout(() => finish(), ms);
      const finish = () => {
        clearTimeout(timer);
        waiting.delete(one);
        if (waiting.size === 0) end();
        resolve();
      };
      waiting.add(one);
    });
  };
}
