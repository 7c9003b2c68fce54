/** Tests that the Temporal server that all tests share answers. */
import { Connection } from '@temporalio/client';

test('the test run has a Temporal server that answers', async () => {
  const connection = await Connection.connect({ address: process.env.TEST_TEMPORAL_ADDRESS ?? '' });
  const { namespaceInfo } = await connection.workflowService.describeNamespace({ namespace: 'default' });
  expect(namespaceInfo?.name).toBe('default');
  await connection.close();
});
