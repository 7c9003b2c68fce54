/**
 * Attacks by a page whose own host name resolves to the API (DNS rebinding): for the browser it has the same origin.
 */
import type { Attack } from './ways';

export const REBINDING_ATTACKS: Attack[] = [
  { name: 'status', code: 'read(targets.build + "/status")' },
  { name: 'list', code: 'read("/api/workflows")' },
  { name: 'record', code: 'read(targets.build + "/record")' },
  { name: 'health', code: 'read("/healthz")' },
  { name: 'readiness', code: 'read("/readyz")' },
  { name: 'page', code: 'read("/")' },
  { name: 'branches', code: 'read("/git/shop.git/info/refs?service=git-upload-pack")' },
  { name: 'address that no route has', code: 'read("/nothing")' },
  { name: 'pause', code: 'read(targets.build + "/pause", json)' },
  {
    name: 'cancel with a key',
    code: 'read(targets.build + "/cancel", { ...json, headers: { ...json.headers, "idempotency-key": "k" } })',
  },
  { name: 'start', code: 'read("/api/workflows/shop/start", { ...json, body: start })' },
  {
    name: 'amendment',
    code: 'read(targets.build + "/request", { ...json, method: "PATCH", body: \'{"reason":"x","workdir":"y"}\' })',
  },
  { name: 'frame that is read', code: 'readFrame(targets.build + "/status")' },
  { name: 'form that is read', code: 'submitForm(targets.build + "/pause", {})' },
  { name: 'other name of the attacker', code: 'read("http://other.test:" + targets.port + targets.build + "/status")' },
  {
    name: 'name in the headers of a proxy',
    code: 'read(targets.build + "/status", { headers: { "x-forwarded-host": "127.0.0.1:" + targets.port, forwarded: "host=127.0.0.1" } })',
  },
];
