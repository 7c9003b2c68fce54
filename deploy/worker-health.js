/** Health of a worker container: Temporal has seen this container poll its task queue within the last minute. */
const { hostname } = require('node:os');
const { readConfig } = require('../dist/programs/config');
const { connectClient } = require('../dist/adapters/temporal/connect');

async function main() {
  const { temporal } = readConfig();
  const { connection } = connectClient(temporal);
  const answer = await connection.withDeadline(Date.now() + 4_000, () =>
    connection.workflowService.describeTaskQueue({
      namespace: temporal.namespace,
      taskQueue: { name: temporal.taskQueue },
      taskQueueType: 1,
    }),
  );
  const polled = answer.pollers.some(
    ({ identity, lastAccessTime }) =>
      identity.includes(hostname()) && Date.now() / 1000 - Number(lastAccessTime.seconds) < 90,
  );
  process.exit(polled ? 0 : 1);
}

main().catch((error) => {
  console.error(error.message);
  process.exit(1);
});
