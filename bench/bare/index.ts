/**
 * Exports the workflows of both sides of a comparison, so that both run from the same bundle.
 */
export { buildWorkflow, projectWorkflow } from '../../src/workflows';
export { bareWaitingWorkflow, bareWorkflow } from './workflow';
