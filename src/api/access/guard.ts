/**
 * The check before each route: the caller has the right that the route needs, and may see the project in the address.
 *
 * Access is checked only here. A project that the caller may not see is refused before any lookup, so that neither the answer nor
 * its time shows whether the project exists.
 */
import type { Request, RequestHandler } from 'express';
import { allows, isVisible, rightsFor } from '../../domain/access';
import type { Action, Caller } from '../../domain/access';
import { isId, parseWorkflowId } from '../../domain/ids';
import { Problem, unknownBuild, unknownProject } from '../problems';
import { callerOf } from './callers';

/** The right that a route needs; a function if it depends on the request. `nothing`: open to all callers, shows no build. */
export type Need = Action | 'nothing' | ((req: Request) => Action);

export function guard(need: Need): RequestHandler {
  return (req, _res, next) => {
    if (need !== 'nothing') {
      const caller = callerOf(req);
      refuseWithoutRight(caller, typeof need === 'function' ? need(req) : need);
      refuseHidden(req, caller);
    }
    next();
  };
}

function refuseWithoutRight({ name, rights }: Caller, action: Action): void {
  if (allows(rights, action)) return;
  const right = rightsFor(action);
  const message = `this needs the right ${right.join(' or ')}; the token of ${name} has ${rights.join(', ')}`;
  throw new Problem('Access.Forbidden', message, { needs: right });
}

/** Ignores a malformed id: the route itself answers what is wrong with it. */
function refuseHidden(req: Request, { projects }: Caller): void {
  const { workflow_id: workflowId, project_id: pathProjectId } = req.params;
  if (typeof workflowId === 'string') {
    const build = parseWorkflowId(workflowId);
    if (build !== null && !isVisible(projects, build.projectId)) throw unknownBuild(workflowId);
    return;
  }
  const projectId = pathProjectId ?? req.query.project_id;
  if (isId(projectId) && !isVisible(projects, projectId)) throw unknownProject(projectId);
}
