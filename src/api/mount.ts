/**
 * Routes as values, and their mounting: an address that exists answers a wrong method with 405 and Allow.
 */
import type { Request, Response, Router } from 'express';
import { Problem } from './problems';

export interface Route {
  method: 'get' | 'post' | 'patch';
  path: string;
  handle(req: Request, res: Response): Promise<void> | void;
}

export function mount(router: Router, routes: Route[]): void {
  for (const path of new Set(routes.map((route) => route.path))) {
    const here = routes.filter((route) => route.path === path);
    for (const { method, handle } of here) router[method](path, handle);
    const allowed = here
      .flatMap(({ method }) => (method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()]))
      .join(', ');
    router.all(path, (req, res) => {
      res.set('Allow', allowed);
      throw new Problem('Request.MethodNotAllowed', `this address takes ${allowed}, not ${req.method}`);
    });
  }
}
