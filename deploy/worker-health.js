// @ts-check
/** Health of a worker container: Temporal has seen this container poll its task queue within the last minute. */
const { hostname } = require('node:os');
const { join } = require('node:path');

/** The compiled program, which the image has and a clone may not. */
const DIST = join(__dirname, '../dist');
/** @type {typeof import('../src/programs/config')} */
const { readConfig } = require(join(DIST, 'programs/config'));
/** @type {typeof import('../src/adapters/temporal/connect')} */
const { connectClient } = require(join(DIST, 'adapters/temporal/connect'));

async function main() {
  const { temporal } = readConfig();
  const { address } = temporal;
  if (address === undefined) throw new Error('TEMPORAL_ADDRESS is not set');
  const { connection } = connectClient({ ...temporal, address });
  const answer = await connection.withDeadline(Date.now() + 4_000, () =>
    connection.workflowService.describeTaskQueue({
      namespace: temporal.namespace,
      taskQueue: { name: temporal.taskQueue },
      taskQueueType: 1,
    }),
  );
  const polled = answer.pollers.some(
    ({ identity, lastAccessTime }) =>
      identity?.includes(hostname()) === true && Date.now() / 1000 - Number(lastAccessTime?.seconds) < 90,
  );
  process.exit(polled ? 0 : 1);
}

main().catch((error) => {
  console.error(error.message);
  process.exit(1);
});
