/**
 * The project workflow: one ledger for all builds of a project, so that `stats` is exact and read in one step.
 *
 * It never ends by itself; it goes on anew when its history grows.
 */
import {
  allHandlersFinished,
  condition,
  continueAsNew,
  setDefaultSignalHandler,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { beginProject, isReport, statsOf, takeReport } from '../domain/project';
import { reportSignal, statsQuery } from './messages';
import type { ProjectInput } from './messages';

export async function projectWorkflow(input: ProjectInput): Promise<never> {
  let project = 'resumed' in input ? input.resumed : beginProject(input.projectId);
  setHandler(reportSignal, (reports) => {
    // Anybody may send a signal: what is no report is left alone.
    for (const report of Array.isArray(reports) ? reports.filter(isReport) : []) project = takeReport(project, report);
  });
  setDefaultSignalHandler(() => undefined);
  setHandler(statsQuery, () => statsOf(project), {
    description: 'Counts, durations and failure points of the project',
  });

  await condition(() => workflowInfo().continueAsNewSuggested && allHandlersFinished());
  return continueAsNew<typeof projectWorkflow>({ resumed: project });
}
