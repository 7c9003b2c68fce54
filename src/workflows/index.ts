/**
 * What the worker's bundle holds.
 */
export { buildWorkflow } from './build';
export { checkWorkflow } from './check';
export { projectWorkflow } from './project';
export { restoreWorkflow } from './restore';
