/**
 * Connects to Temporal. If the server cannot be reached, it throws an error of one line within five seconds.
 *
 * The client connects lazily, so that the API can start, and answer 503, while Temporal is away.
 */
import { Client, Connection } from '@temporalio/client';
import type { PayloadCodec } from '@temporalio/common';
import { NativeConnection } from '@temporalio/worker';

const REACH_TIMEOUT_MS = 4_000;

/** `config.temporal` with an address: that of the configured or of the embedded server. */
export interface TemporalTarget {
  address: string;
  namespace: string;
  connection: Pick<NonNullable<Parameters<typeof NativeConnection.connect>[0]>, 'tls' | 'apiKey' | 'metadata'>;
  /** Undefined: payloads are not encrypted. */
  codec?: PayloadCodec | undefined;
}

export function connectClient(target: TemporalTarget): { connection: Connection; client: Client } {
  const { tls, apiKey, metadata } = target.connection;
  const connection = Connection.lazy({
    address: target.address,
    ...(tls === undefined || tls === null ? {} : { tls }),
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(metadata === undefined ? {} : { metadata }),
  });
  const { namespace, codec } = target;
  const converter = codec === undefined ? {} : { dataConverter: { payloadCodecs: [codec] } };
  return { connection, client: new Client({ connection, namespace, ...converter }) };
}

/** Throws an error of one line if the server does not answer or does not have the namespace. */
export async function assertReachable(connection: Connection, target: TemporalTarget): Promise<void> {
  const { namespace } = target;
  try {
    // Only the deadline may end the call: closing the connection during a retry throws an error that no promise catches.
    await connection.withDeadline(Date.now() + REACH_TIMEOUT_MS, () =>
      connection.workflowService.describeNamespace({ namespace }),
    );
  } catch (error) {
    const { details, message } = error as { details?: string; message: string };
    const reason = (details || message).split('\n')[0]?.slice(0, 200);
    throw new Error(`cannot reach Temporal at ${target.address} (namespace ${namespace}): ${reason}`, { cause: error });
  }
}

/** Checks the server with a client first: a native connection retries for ever, and the process cannot end meanwhile. */
export async function connectWorker(target: TemporalTarget): Promise<NativeConnection> {
  const { connection } = connectClient(target);
  try {
    await assertReachable(connection, target);
  } finally {
    await connection.close();
  }
  return NativeConnection.connect({ address: target.address, ...target.connection });
}
