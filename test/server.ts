/**
 * Starts one embedded Temporal server for the whole test run; its address is in TEST_TEMPORAL_ADDRESS.
 *
 * It uses a temporary folder and ends with the run, also when the run is interrupted.
 */
import { mkdtemp } from 'node:fs/promises';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeReaderThread } from './reader-thread';
import { writeTestBundle } from './workflow-bundle';
import { findBubblewrap } from '../src/adapters/sandbox/find-bubblewrap';
import { startEmbedded, type EmbeddedServer } from '../src/adapters/temporal/embedded';

export interface TestServer {
  server: EmbeddedServer;
  folder: string;
}

// Jest loads a default export, so this is one of the two files that have one.
export default async function startTestServer(): Promise<void> {
  // Fetches bubblewrap once, before tests with their own time limits need it. If that fails, the tests that need it say why.
  await findBubblewrap().catch(() => undefined);
  const folder = await mkdtemp(join(tmpdir(), 'q-test-temporal-'));
  const server = await startEmbedded({
    dataDir: folder,
    cliPath: process.env.TEMPORAL_CLI_PATH || undefined,
    log: () => {},
  });
  process.env.TEST_TEMPORAL_ADDRESS = server.address;
  process.env.TEST_WORKFLOW_BUNDLE = await writeTestBundle(folder);
  process.env.TEST_READER_THREAD = writeReaderThread(folder);
  (globalThis as { testServer?: TestServer }).testServer = { server, folder };
  // On an interrupt jest does not run its teardown; leaving through `exit` ends the server (embedded.ts sees to it).
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      rmSync(folder, { recursive: true, force: true });
      process.exit(130);
    });
  }
}
