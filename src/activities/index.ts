/**
 * All activities over one set of dependencies; what the worker registers.
 */
import type { Outcome } from '../domain/build/outcomes';
import { redactHandedText } from '../inspect/secrets/handed-over';
import type { Activities, StepTask } from './contract';
import { auditTests } from './testing/audit-tests';
import { withLedgerReport, proveReports, recordBuild, reportBuild } from './keep-records';
import { bounded } from './boundary';
import type { Deps } from './deps';
import { deliver } from './deployment/deliver';
import { discover } from './discovery';
import { plan } from './planning';
import { endRestore, restoreRelease } from './deployment/restore-release';
import { release } from './deployment/release';
import { releaseHanded } from './deployment/release-handed';
import { loadRequest } from './load-request';
import { lookAtBuilds } from './look-at-builds';
import { loadSources, withSources } from './sources';
import type { Sources } from './sources';
import { checkRepository } from './survey/check-repository';
import { surveyBeforeWork, withSurvey } from './survey/with-survey';
import { undo } from './deployment/undo';
import { verify } from './verification/verify';
import { writeCode } from './implementation/write-code';

export function createActivities(deps: Deps): Activities {
  const role = (run: (deps: Deps, task: StepTask, sources: Sources) => Promise<Outcome>) =>
    bounded(
      withLedgerReport(
        deps,
        withSources<StepTask>(
          deps,
          withSurvey<StepTask>(deps, (task, sources) => run(deps, asStep(task), sources)),
        ),
      ),
    );
  return {
    survey: bounded(async (task) => surveyBeforeWork(deps, task, await loadRequest(deps.artifacts, task))),
    discover: role(discover),
    plan: role(plan),
    writeCode: role(writeCode),
    auditTests: role(auditTests),
    verify: role(verify),
    release: role(release),
    releaseHanded: bounded(async (task) => releaseHanded(deps, task, await loadSources(deps.artifacts, task))),
    undo: bounded((task) => undo(deps, task)),
    restoreRelease: bounded((task) => restoreRelease(deps, task)),
    endRestore: (task, restored) => endRestore(deps, task, restored),
    deliver: bounded((task) => deliver(deps, task)),
    checkRepository: bounded((task) => checkRepository(deps, task)),
    keepContent: bounded((content) => deps.artifacts.put(redactHandedText(content))),
    lookAtBuilds: bounded((task) => lookAtBuilds(deps, task)),
    // Local activities: a few milliseconds each, so they need no heartbeat and may fail as they like.
    reportBuild: (projectId, report) => reportBuild(deps, projectId, report),
    proveReports: (projectId, reports) => proveReports(deps, projectId, reports),
    recordBuild: (build, report) => recordBuild(deps, build, report),
  };
}

/** Older workers scheduled most roles without steps: such a task is the first one, and finds a call that was paid under its key. */
function asStep(task: StepTask): StepTask {
  const { step = 1, transcript = null, tree = null } = task as StepTask & Partial<Pick<StepTask, 'step'>>;
  return { ...task, step, transcript, tree };
}
