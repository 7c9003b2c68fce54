/**
 * Exports the workflows that the worker bundles.
 */
export { buildWorkflow } from './build';
export { checkWorkflow } from './check';
export { noticesWorkflow } from './notices';
export { projectWorkflow } from './project';
export { restoreWorkflow } from './restore';
