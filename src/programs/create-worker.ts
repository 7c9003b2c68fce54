/**
 * Creates the Temporal worker from a workflow bundle and activities. It takes no work before `run`.
 */
import { Worker } from '@temporalio/worker';
import type { PayloadCodec } from '@temporalio/common';
import type { NativeConnection, WorkflowBundleOption } from '@temporalio/worker';
import type { Activities } from '../activities/contract';
import { HEARTBEAT } from '../domain/timings';
import { FAILURE_CONVERTER_PATH, PAYLOAD_CONVERTER_PATH } from './workflow-bundle';

export interface WorkerOptions {
  connection: NativeConnection;
  namespace: string;
  taskQueue: string;
  workflowBundle: WorkflowBundleOption;
  activities: Activities;
  maxCachedWorkflows?: number;
  /** Encrypts payloads; the bundle must then be made with `isEncrypted`. */
  codec?: PayloadCodec | undefined;
}

/**
 * An option that the SDK does not document. Its default of five seconds is wall-clock time: on a machine that was suspended that
 * long, it interrupts workflow code, which has ended the whole process.
 */
const LONG_ISOLATE_TIMEOUT: object = { isolateExecutionTimeout: '10m' };

export function createWorker({ codec, ...options }: WorkerOptions): Promise<Worker> {
  return Worker.create({
    ...options,
    dataConverter: {
      payloadConverterPath: PAYLOAD_CONVERTER_PATH,
      ...(codec === undefined ? {} : { failureConverterPath: FAILURE_CONVERTER_PATH, payloadCodecs: [codec] }),
    },
    // Temporal drops a killed worker's sticky queue after this time: the first step after a restart waits for it.
    stickyQueueScheduleToStartTimeout: '1s',
    maxHeartbeatThrottleInterval: HEARTBEAT.throttleMs,
    defaultHeartbeatThrottleInterval: HEARTBEAT.throttleMs,
    ...LONG_ISOLATE_TIMEOUT,
    // The refusal of an update contains the update. Above 2 MB the worker would fail the workflow task; the server, which does not
    // store a refused update, passes the refusal to the sender.
    disablePayloadErrorLimit: true,
    // A running model call or test run is cancelled by the shutdown; its retry reuses what was stored.
    shutdownGraceTime: '2s',
    maxCachedWorkflows: options.maxCachedWorkflows ?? 1_000,
    maxConcurrentActivityTaskExecutions: 200,
    maxConcurrentWorkflowTaskExecutions: 40,
  });
}
