// @ts-check
/**
 * Downloads the Temporal CLI of a version into a folder. Arguments: version, folder.
 *
 * The SDK downloads only by starting a server, so one is started in memory and ended again.
 */
'use strict';
const { TestWorkflowEnvironment } = require('@temporalio/testing');

const [, , version = '', downloadDir = ''] = process.argv;
TestWorkflowEnvironment.createLocal({ server: { executable: { type: 'cached-download', version, downloadDir } } })
  .then((environment) => environment.teardown())
  .catch((error) => {
    console.error(error.message.split('\n')[0]);
    process.exit(1);
  });
