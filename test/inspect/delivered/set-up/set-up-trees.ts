/**
 * Small set-up files, and a function that returns what the rules find in a change of them.
 */
import { findDelivered } from '../../../../src/inspect/delivered/delivered';
import type { RequestAndPlan } from '../../../../src/inspect/delivered/set-up/request-text';
import { treeOf } from '../example-tree';

export const TILL = { 'src/price.js': 'export const total = 1;\n' };
export const IMAGE = 'FROM node:22-alpine\nCOPY src ./src\nRUN npm ci --omit=dev\nCMD ["node", "src/price.js"]\n';
export const COMPOSE =
  "services:\n  till:\n    image: till:1\n    ports: ['127.0.0.1:80:80']\n    environment:\n      TZ: UTC\n";
export const CLUSTER =
  'apiVersion: v1\nkind: Pod\nspec:\n  containers:\n        - name: till\n          image: till:1\n';
export const NGINX = 'location /pay {\n  proxy_pass http://127.0.0.1:3000;\n}\n';
export const API = 'openapi: 3.1.0\nsecurity:\n  - clerk: []\npaths:\n  /total:\n    post:\n      operationId: total\n';

export interface Change {
  /** Texts before the change, next to one source; null for an empty repository. */
  base: Record<string, string> | null;
  /** Texts after the change; null deletes the file. */
  files: Record<string, string | null>;
  asked?: RequestAndPlan;
}

export function findingsIn({ base, files, asked }: Change): string[] {
  const changedTexts = Object.entries(files).flatMap(([path, text]) => (text === null ? [] : [[path, text] as const]));
  const deleted = Object.keys(files).filter((path) => files[path] === null);
  const tree = treeOf({
    base: base === null ? {} : { ...TILL, ...base },
    files: Object.fromEntries(changedTexts),
    deleted,
  });
  const { found } = findDelivered({ ...tree, ...(asked === undefined ? {} : { asked }) });
  return found.map(({ path, line, what }) => `${path}:${line ?? ''} ${what}`);
}
