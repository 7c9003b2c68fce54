/**
 * The worker: workflows from a bundle, activities over their dependencies. No effects until `run`.
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
  /** Encrypts payloads; the bundle is then one of `isEncrypted`. */
  codec?: PayloadCodec | undefined;
}

/**
 * Not among the SDK's public options. Its five seconds are of the wall clock: on a machine that stood still that long they
 * cut workflow code off in the middle, which has ended the whole process.
 */
const PATIENT: object = { isolateExecutionTimeout: '10m' };

export function createWorker({ codec, ...options }: WorkerOptions): Promise<Worker> {
  return Worker.create({
    ...options,
    dataConverter: {
      payloadConverterPath: PAYLOAD_CONVERTER_PATH,
      ...(codec === undefined ? {} : { failureConverterPath: FAILURE_CONVERTER_PATH, payloadCodecs: [codec] }),
    },
    // A killed worker's sticky queue is given up after this long: the first step after a restart waits for it.
    stickyQueueScheduleToStartTimeout: '1s',
    maxHeartbeatThrottleInterval: HEARTBEAT.throttleMs,
    defaultHeartbeatThrottleInterval: HEARTBEAT.throttleMs,
    ...PATIENT,
    // The refusal of an update holds the update. The worker would fail the workflow task of one above 2 MB; the server, which keeps
    // nothing of a refused one, hands the refusal to its sender.
    disablePayloadErrorLimit: true,
    // A running model call or test run hears of the shutdown and ends; its retry adopts what was stored.
    shutdownGraceTime: '2s',
    maxCachedWorkflows: options.maxCachedWorkflows ?? 1_000,
    maxConcurrentActivityTaskExecutions: 200,
    maxConcurrentWorkflowTaskExecutions: 40,
  });
}
