/**
 * Stops the server of test/server.ts and removes its folder.
 */
import { rm } from 'node:fs/promises';
import type { TestServer } from './server';

export default async function stopTestServer(): Promise<void> {
  const { testServer } = globalThis as { testServer?: TestServer };
  await testServer?.server.stop();
  if (testServer) await rm(testServer.folder, { recursive: true, force: true });
}
