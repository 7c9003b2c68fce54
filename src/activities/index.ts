/**
 * All activities over one set of dependencies; what the worker registers.
 */
import type { Activities } from './contract';
import { auditTests } from './audit-tests';
import { recordBuild, reportBuild } from './books';
import { bounded } from './boundary';
import type { Deps } from './deps';
import { discover, plan } from './discover';
import { release } from './release';
import { undo } from './undo';
import { verify } from './verify';
import { writeCode } from './write-code';

export function createActivities(deps: Deps): Activities {
  return {
    discover: bounded((task) => discover(deps, task)),
    plan: bounded((task) => plan(deps, task)),
    writeCode: bounded((task) => writeCode(deps, task)),
    auditTests: bounded((task) => auditTests(deps, task)),
    verify: bounded((task) => verify(deps, task)),
    release: bounded((task) => release(deps, task)),
    undo: bounded((task) => undo(deps, task)),
    keepContent: bounded((content) => deps.artifacts.put(content)),
    // Local activities: a few milliseconds each, so they need no heartbeat and may fail as they like.
    reportBuild: (projectId, report) => reportBuild(deps, projectId, report),
    recordBuild: (build, report) => recordBuild(deps, build, report),
  };
}
