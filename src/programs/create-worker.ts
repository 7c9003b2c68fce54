/**
 * The worker: workflows from a bundle, activities over their dependencies. No effects until `run`.
 */
import { join } from 'node:path';
import { DefaultLogger, Worker, bundleWorkflowCode } from '@temporalio/worker';
import type { NativeConnection, WorkflowBundleOption, WorkflowBundleWithSourceMap } from '@temporalio/worker';
import type { Activities } from '../activities/contract';
import { HEARTBEAT } from '../domain/timings';

export const PAYLOAD_CONVERTER_PATH = join(__dirname, '..', 'workflows', `payloads${__filename.slice(-3)}`);

export interface WorkerOptions {
  connection: NativeConnection;
  namespace: string;
  taskQueue: string;
  workflowBundle: WorkflowBundleOption;
  activities: Activities;
  maxCachedWorkflows?: number;
}

const WORKFLOWS_PATH = join(__dirname, '..', 'workflows', `index${__filename.slice(-3)}`);

/**
 * Bundles the workflow code; a few seconds, so it is done once and beside everything else.
 *
 * All of it is loaded once for all workflows of a worker, not once for each: that is a third of the heap of an open build.
 * It may be, since the rooms of this bundle keep nothing at module level; the SDK freezes what is shared, so that a
 * module that did would throw.
 */
export async function bundleWorkflows(workflowsPath = WORKFLOWS_PATH): Promise<WorkflowBundleWithSourceMap> {
  const preloadModules = [workflowsPath, PAYLOAD_CONVERTER_PATH];
  let said = '';
  const logger = new DefaultLogger('WARN', ({ message }) => (said += `${message}\n`));
  const payloadConverterPath = PAYLOAD_CONVERTER_PATH;
  try {
    return await bundleWorkflowCode({ workflowsPath, payloadConverterPath, preloadModules, logger });
  } catch (error) {
    // The bundler says a page, one line of which is the reason.
    const [reason] = /^\s*\S*Error: .*$/m.exec(said) ?? [String(error)];
    throw new Error(`the workflow code cannot be bundled: ${reason.trim()}`, { cause: error });
  }
}

/**
 * Not among the SDK's public options. Its five seconds are of the wall clock: on a machine that stood still that long they
 * cut workflow code off in the middle, which has ended the whole process.
 */
const PATIENT: object = { isolateExecutionTimeout: '10m' };

export function createWorker(options: WorkerOptions): Promise<Worker> {
  return Worker.create({
    ...options,
    dataConverter: { payloadConverterPath: PAYLOAD_CONVERTER_PATH },
    // A killed worker's sticky queue is given up after this long: the first step after a restart waits for it.
    stickyQueueScheduleToStartTimeout: '1s',
    maxHeartbeatThrottleInterval: HEARTBEAT.throttleMs,
    defaultHeartbeatThrottleInterval: HEARTBEAT.throttleMs,
    ...PATIENT,
    // A running model call or test run hears of the shutdown and ends; its retry adopts what was stored.
    shutdownGraceTime: '2s',
    maxCachedWorkflows: options.maxCachedWorkflows ?? 1_000,
    maxConcurrentActivityTaskExecutions: 200,
    maxConcurrentWorkflowTaskExecutions: 40,
  });
}
