/**
 * Exports the workflows that the worker bundles.
 */
export { buildWorkflow } from './build';
export { checkWorkflow } from './check';
export { projectWorkflow } from './project';
export { restoreWorkflow } from './restore';
