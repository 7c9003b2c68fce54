/**
 * One bundle for both sides of a comparison, so that neither has the smaller one.
 */
export { buildWorkflow, projectWorkflow } from '../../src/workflows';
export { bareWaitingWorkflow, bareWorkflow } from './workflow';
