/**
 * Creates all activities from one set of dependencies. The worker registers them.
 */
import type { Outcome } from '../domain/build/outcome';
import { redactHandedText } from '../inspect/secrets/handed-over';
import type { Activities, StepTask } from './contract';
import { makeApprovalPage } from './approval-page';
import { auditTests } from './testing/audit-tests';
import { withLedgerReport, proveReports, recordBuild, reportBuild } from './keep-records';
import { withHeartbeatAndFailureTypes } from './boundary';
import type { Deps } from './deps';
import { withPurse } from './steps/with-purse';
import { deliver } from './deployment/deliver';
import { discover } from './discovery';
import { proveMoney, writeGrants } from './grants';
import { plan } from './planning';
import { endRestore, restoreRelease } from './deployment/restore-release';
import { release } from './deployment/release';
import { releaseHanded } from './deployment/release-handed';
import { loadRequest } from './load-request';
import { lookAtBuilds } from './look-at-builds';
import { handNotices, proveNotices, sendNotice } from './notices';
import { loadSources, withSources } from './sources';
import type { Sources } from './sources';
import { checkRepository } from './survey/check-repository';
import { surveyBeforeWork, withSurvey } from './survey/with-survey';
import { withSigns } from './steps/diagnosis';
import { undo } from './deployment/undo';
import { verify } from './verification/verify';
import { writeCode } from './implementation/write-code';

export function createActivities(deps: Deps): Activities {
  const role = (run: (deps: Deps, task: StepTask, sources: Sources) => Promise<Outcome>) =>
    withHeartbeatAndFailureTypes(
      withLedgerReport(
        deps,
        withSources<StepTask>(
          deps,
          withSurvey<StepTask>(
            deps,
            withSigns(deps, (task, sources: Sources) =>
              withPurse(deps, asStep(task), (ownDeps) => run(ownDeps, asStep(task), sources)),
            ),
          ),
        ),
      ),
    );
  return {
    survey: withHeartbeatAndFailureTypes(async (task) =>
      surveyBeforeWork(deps, task, await loadRequest(deps.artifacts, task)),
    ),
    discover: role(discover),
    plan: role(plan),
    writeCode: role(writeCode),
    auditTests: role(auditTests),
    verify: role(verify),
    release: role(release),
    releaseHanded: withHeartbeatAndFailureTypes(async (task) =>
      releaseHanded(deps, task, await loadSources(deps.artifacts, task)),
    ),
    undo: withHeartbeatAndFailureTypes((task) => undo(deps, task)),
    restoreRelease: withHeartbeatAndFailureTypes((task) => restoreRelease(deps, task)),
    endRestore: (task, restored) => endRestore(deps, task, restored),
    deliver: withHeartbeatAndFailureTypes((task) => deliver(deps, task)),
    checkRepository: withHeartbeatAndFailureTypes((task) => checkRepository(deps, task)),
    makeApprovalPage: withHeartbeatAndFailureTypes((task) => makeApprovalPage(deps, task)),
    keepContent: withHeartbeatAndFailureTypes((content) => deps.artifacts.put(redactHandedText(content))),
    lookAtBuilds: withHeartbeatAndFailureTypes((task) => lookAtBuilds(deps, task)),
    handNotices: withHeartbeatAndFailureTypes((projectId, deliveries) => handNotices(deps, projectId, deliveries)),
    sendNotice: withHeartbeatAndFailureTypes((delivery) => sendNotice(deps, delivery)),
    // Local activities take a few milliseconds and stay inside the worker, so they need no heartbeat and no failure types.
    reportBuild: (projectId, report) => reportBuild(deps, projectId, report),
    proveReports: (projectId, reports) => proveReports(deps, projectId, reports),
    proveMoney: (mail) => proveMoney(deps, mail),
    writeGrants: (write) => writeGrants(deps, write),
    recordBuild: (build, report) => recordBuild(deps, build, report),
    proveNotices: (projectId, handed) => proveNotices(deps, projectId, handed),
  };
}

/** Fills in the step members. Older workers scheduled most roles without them; such a task counts as the first step. */
function asStep(task: StepTask): StepTask {
  const { step = 1, transcript = null, tree = null } = task as StepTask & Partial<Pick<StepTask, 'step'>>;
  return { ...task, step, transcript, tree };
}
