/**
 * The start request as it is kept in the artifact store, read back; and any JSON by its digest.
 */
import { z } from 'zod';
import type { PhaseTask } from './contract';
import type { ArtifactStore } from '../ports/artifacts';

const argumentList = z.array(z.string()).min(1);

/** Loose on purpose: the API has checked it strictly when it was stored. */
const storedRequestSchema = z.object({
  requirements: z.unknown(),
  metadata: z.unknown().optional(),
  repository: z
    .object({ path: z.string().optional(), url: z.string().optional(), base_ref: z.string().optional() })
    .optional(),
  commands: z
    .object({
      setup: argumentList.optional(),
      test: argumentList,
      build: argumentList.optional(),
      coverage: argumentList.optional(),
    })
    .optional(),
  release: z
    .object({
      target: z.enum(['directory', 'git', 'command']).optional(),
      remote: z.string().optional(),
      branch: z.string().optional(),
      deploy: argumentList.optional(),
      rollback: argumentList.optional(),
      network: z.boolean().optional(),
      timeouts_ms: z
        .object({ deploy: z.number().optional(), smoke: z.number().optional(), rollback: z.number().optional() })
        .optional(),
      smoke: z
        .object({
          command: argumentList.optional(),
          http: z.object({ path: z.string(), status: z.number(), contains: z.string().optional() }).optional(),
        })
        .optional(),
      streak: z.union([z.number(), z.object({ times: z.number(), interval_ms: z.number() })]).optional(),
    })
    .optional(),
});
export type StoredRequest = z.infer<typeof storedRequestSchema>;

export async function loadRequest(artifacts: ArtifactStore, task: Pick<PhaseTask, 'request'>): Promise<StoredRequest> {
  return storedRequestSchema.parse(await loadJson(artifacts, task.request));
}

export async function loadJson(artifacts: ArtifactStore, digest: string): Promise<unknown> {
  return JSON.parse((await artifacts.get(digest)).toString('utf8'));
}
