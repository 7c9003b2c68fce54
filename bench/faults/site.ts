/**
 * Starts all parts of an installation as processes that can be killed: Temporal, the worker, the API, and a model over HTTP.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { connectClient } from '../../src/adapters/temporal/connect';
import type { EmbeddedServer } from '../../src/adapters/temporal/embedded';
import { ALL_EXTERNAL } from '../builds';
import { onCleanUp } from '../cleanup';
import { makeRepository } from '../example';
import { startProgram } from '../programs';
import type { Program } from '../programs';
import { makeFolder, startTuned } from '../stage';
import { storedCallFile } from './audit';
import { startMockModel } from './mock-model';
import type { MockModel } from './mock-model';

export interface Site {
  dataDir: string;
  model: MockModel;
  client: Client;
  server: EmbeddedServer;
  restartServer(): Promise<void>;
  startWorker(): Promise<Program>;
  startApi(): Promise<Program>;
  url: string;
  /** Starts a build by HTTP; gives its workflow id. */
  start(projectId: string, external?: boolean): Promise<string>;
  post(path: string, body: object, key: string): Promise<{ status: number; body: Record<string, unknown> }>;
}

export async function openSite(options: { delayMs: number }): Promise<Site> {
  const folder = await makeFolder();
  const dataDir = join(folder, 'data');
  const repository = makeRepository(folder);
  const isStored = (key: string) => existsSync(storedCallFile(dataDir, key));
  const model = await startMockModel({ ...options, isStored });
  const server = await startTuned(folder, () => undefined);
  const { client, connection } = connectClient({ address: server.address, namespace: 'default', connection: {} });
  onCleanUp(() => connection.close());
  const env = {
    ...{ TEMPORAL_ADDRESS: server.address, DATA_DIR: dataDir, PORT: '0', LOG_LEVEL: 'error' },
    ...{ MODEL: 'compatible:mock', COMPATIBLE_BASE_URL: model.url, REPOSITORY_ROOTS: folder },
  };
  const site: Site = {
    ...{ dataDir, model, client, server, url: '' },
    async restartServer() {
      site.server = await startTuned(folder, () => undefined);
    },
    startWorker: () => startProgram('src/programs/worker.ts', env),
    // Uses another free port each time, because another program may have taken the earlier one.
    async startApi() {
      const api = await startProgram('src/programs/api.ts', env);
      site.url = `${api.ready.split(' ')[1]}/api/workflows`;
      return api;
    },
    async start(projectId, external = false) {
      const roles = external ? { roles: ALL_EXTERNAL } : {};
      const request = {
        user_id: 'ada',
        requirements: 'Build me a dark mode feature',
        repository: { path: repository },
      };
      const { status, body } = await site.post(`/${projectId}/start`, { ...request, ...roles }, `start-${++started}`);
      if (status !== 201) throw new Error(`start answered ${status}: ${JSON.stringify(body)}`);
      return String(body.workflow_id);
    },
    async post(path, body, key) {
      const headers = { 'content-type': 'application/json', 'idempotency-key': key };
      const response = await fetch(site.url + path, { method: 'POST', headers, body: JSON.stringify(body) });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    },
  };
  return site;
}

let started = 0;
