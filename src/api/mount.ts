/**
 * Routes as values, and their mounting: each behind the guard of what it needs, and an address that exists answers a wrong
 * method with 405 and Allow.
 */
import type { Request, Response, Router } from 'express';
import { guard } from './access/guard';
import type { Need } from './access/guard';
import { Problem } from './problems';

export interface Route {
  method: 'get' | 'post' | 'patch';
  path: string;
  /** What the caller must be allowed to do. */
  needs: Need;
  handle(req: Request, res: Response): Promise<void> | void;
}

export function mount(router: Router, routes: Route[]): void {
  for (const path of new Set(routes.map((route) => route.path))) {
    const here = routes.filter((route) => route.path === path);
    for (const { method, needs, handle } of here) router[method](path, guard(needs), handle);
    const allowed = here
      .flatMap(({ method }) => (method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()]))
      .join(', ');
    router.all(path, (req, res) => {
      res.set('Allow', allowed);
      throw new Problem('Request.MethodNotAllowed', `this address takes ${allowed}, not ${req.method}`);
    });
  }
}
