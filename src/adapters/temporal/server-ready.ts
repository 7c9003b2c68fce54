/** Waits for the embedded server: it is ready when its namespace answers; an open port is not enough. */
import { setTimeout as delay } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { isListening, LOOPBACK } from './ports';
import { EMBEDDED_NAMESPACE } from './server-flags';

/** Returns false if the time is over, or if `gaveUp` returns true because the server has ended. */
export async function waitUntilReady(input: {
  port: number;
  timeoutMs: number;
  shouldStop: () => boolean;
}): Promise<boolean> {
  const deadline = Date.now() + input.timeoutMs;
  while (Date.now() < deadline && !input.shouldStop()) {
    if ((await isListening(input.port)) && (await namespaceAnswers(input.port))) return true;
    await delay(15);
  }
  return false;
}

export async function namespaceAnswers(port: number): Promise<boolean> {
  const connection = Connection.lazy({ address: `${LOOPBACK}:${port}` });
  try {
    await connection.withDeadline(Date.now() + 2_000, () =>
      connection.workflowService.describeNamespace({ namespace: EMBEDDED_NAMESPACE }),
    );
    return true;
  } catch {
    return false;
  } finally {
    await connection.close();
  }
}
