/**
 * `/git/{project_id}.git`: serves the branches of builds to git clients. All branches may be read; the branch of a build that waits
 * for an external Code Writer takes a push.
 */
import type { Request, Response } from 'express';
import type { Action } from '../../domain/access';
import type { GitRequest, GitServer, GitService } from '../../ports/git-server';
import { findAwaitedPushes, prepareBranches } from '../awaited-pushes';
import type { AwaitedBuild } from '../awaited-pushes';
import type { ApiDeps } from '../deps';
import type { Route } from '../mount';
import { projectIdIn } from '../parse';
import { Problem, malformed } from '../problems';

const GIT_SERVICES: GitService[] = ['git-upload-pack', 'git-receive-pack'];
const NEEDED_ACTIONS: Readonly<Record<GitService, Action>> = {
  'git-upload-pack': 'read',
  'git-receive-pack': 'submit',
};

export function gitRoutes(deps: ApiDeps): Route[] {
  return [
    {
      method: 'get',
      path: '/git/:project_id.git/info/refs',
      // A push begins with this request, so git learns of a missing right before it sends any objects.
      needs: (req) => NEEDED_ACTIONS[serviceIn(req)],
      async handle(req, res) {
        const [projectId, git, service] = [projectIdIn(req), gitOf(deps), serviceIn(req)];
        const awaited = await prepareBranches({ ...deps, git }, await findAwaitedPushes(deps, projectId));
        if (!(await git.refresh(projectId, awaited))) throw repositoryMissing(projectId);
        await serve(deps, git, { projectId, service, step: 'refs', awaited, req, res });
      },
    },
    ...GIT_SERVICES.map((service): Route => ({
      method: 'post',
      path: `/git/:project_id.git/${service}`,
      needs: NEEDED_ACTIONS[service],
      async handle(req, res) {
        const [projectId, git] = [projectIdIn(req), gitOf(deps)];
        refuseOtherMedia(req, service);
        // Read again: a build may have continued since the client got the list of branches.
        const awaited = service === 'git-receive-pack' ? await findAwaitedPushes(deps, projectId) : [];
        await serve(deps, git, { projectId, service, step: 'pack', awaited, req, res });
      },
    })),
  ];
}

interface Exchange extends Pick<GitRequest, 'projectId' | 'service' | 'step'> {
  awaited: AwaitedBuild[];
  req: Request;
  res: Response;
}

async function serve(deps: ApiDeps, git: GitServer, exchange: Exchange): Promise<void> {
  const { projectId, service, step, awaited, req, res } = exchange;
  if (service === 'git-receive-pack' && awaited.length === 0) throw pushNotAwaited(projectId);
  const disconnection = new AbortController();
  res.once('close', () => {
    if (!res.writableFinished) disconnection.abort();
  });
  const isAnswered = await git.serve({
    ...{ projectId, service, step, body: req, signal: disconnection.signal },
    pushable: awaited.map(({ buildId }) => buildId),
    contentType: req.headers['content-type'] ?? '',
    isGzipped: isGzipped(req),
    answer({ status, headers }) {
      res.status(status);
      for (const [name, value] of headers) res.setHeader(name, value);
      return res;
    },
    onFault: (words) => deps.log.error({ words }, 'git http-backend gave no answer'),
  });
  if (!isAnswered) throw new Problem('Git.Unavailable', NO_BACKEND);
}

const NO_BACKEND =
  'git http-backend gave no answer on this machine (the log has its output); it is part of git, in some distributions of the package git-daemon';

function gitOf({ git }: ApiDeps): NonNullable<ApiDeps['git']> {
  if (git === undefined)
    throw new Problem(
      'Git.Unavailable',
      'this API has no repositories: use the API that shares its DATA_DIR with a worker',
    );
  return git;
}

function serviceIn(req: Request): GitService {
  const service = GIT_SERVICES.find((one) => one === req.query.service);
  if (service === undefined)
    throw malformed('service', `must be ${GIT_SERVICES.join(' or ')}: only smart HTTP is served here`);
  return service;
}

/** Requires the content type that git sends: an HTML form cannot send it. */
function refuseOtherMedia(req: Request, service: GitService): void {
  const required = `application/x-${service}-request`;
  if (req.headers['content-type'] !== required)
    throw new Problem('Request.UnsupportedMedia', `the body must be sent as Content-Type: ${required}, as git does`);
}

/** Refuses other encodings, which git does not support either. */
function isGzipped(req: Request): boolean {
  const encoding = req.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'gzip')
    throw new Problem('Request.UnsupportedMedia', 'the body may be compressed by gzip only');
  return encoding === 'gzip';
}

function repositoryMissing(projectId: string): Problem {
  return new Problem(
    'Project.Unknown',
    `project ${projectId} has no repository: none of its builds has needed one yet`,
  );
}

function pushNotAwaited(projectId: string): Problem {
  const when = 'a build takes a push while it is in implementation and its Code Writer is external';
  return new Problem('Push.NotAwaited', `no build of project ${projectId} waits for a push; ${when}`);
}
