/**
 * All activities over one set of dependencies; what the worker registers.
 */
import type { Outcome } from '../domain/build/outcomes';
import type { Activities, CodeTask, PhaseTask } from './contract';
import { auditTests } from './testing/audit-tests';
import { alongside, recordBuild, reportBuild } from './books';
import { bounded } from './boundary';
import type { Deps } from './deps';
import { discover } from './discovery';
import { plan } from './planning';
import { release } from './deployment/release';
import { undo } from './deployment/undo';
import { verify } from './verification/verify';
import { writeCode } from './implementation/write-code';

export function createActivities(deps: Deps): Activities {
  const role = <T extends PhaseTask>(run: (task: T) => Promise<Outcome>) => bounded(alongside(deps, run));
  return {
    discover: role((task) => discover(deps, task)),
    plan: role((task) => plan(deps, task)),
    writeCode: role((task: CodeTask) => writeCode(deps, task)),
    auditTests: role((task) => auditTests(deps, task)),
    verify: role((task) => verify(deps, task)),
    release: role((task) => release(deps, task)),
    undo: bounded((task) => undo(deps, task)),
    keepContent: bounded((content) => deps.artifacts.put(content)),
    // Local activities: a few milliseconds each, so they need no heartbeat and may fail as they like.
    reportBuild: (projectId, report) => reportBuild(deps, projectId, report),
    recordBuild: (build, report) => recordBuild(deps, build, report),
  };
}
