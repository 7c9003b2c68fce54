/**
 * Mounts routes, each behind the guard for the right that it needs. An address with routes answers other methods with 405 and Allow.
 */
import type { Request, Response, Router } from 'express';
import { guard } from './access/guard';
import type { Need } from './access/guard';
import { Problem } from './problems';

export interface Route {
  method: 'get' | 'post' | 'put' | 'patch';
  path: string;
  /** The right that the caller must have. */
  needs: Need;
  handle(req: Request, res: Response): Promise<void> | void;
}

export function mount(router: Router, routes: Route[]): void {
  for (const path of new Set(routes.map((route) => route.path))) {
    const pathRoutes = routes.filter((route) => route.path === path);
    for (const { method, needs, handle } of pathRoutes) router[method](path, guard(needs), handle);
    const allowedMethods = pathRoutes
      .flatMap(({ method }) => (method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()]))
      .join(', ');
    router.all(path, (req, res) => {
      res.set('Allow', allowedMethods);
      throw new Problem('Request.MethodNotAllowed', `this address takes ${allowedMethods}, not ${req.method}`);
    });
  }
}
