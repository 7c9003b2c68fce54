/**
 * Attacks by a page whose own host name resolves to the API (DNS rebinding): for the browser it has the same origin.
 */
import type { Way } from './ways';

export const REBOUND: Way[] = [
  { name: 'status', code: 'read(at.build + "/status")' },
  { name: 'list', code: 'read("/api/workflows")' },
  { name: 'record', code: 'read(at.build + "/record")' },
  { name: 'health', code: 'read("/healthz")' },
  { name: 'readiness', code: 'read("/readyz")' },
  { name: 'page', code: 'read("/")' },
  { name: 'branches', code: 'read("/git/shop.git/info/refs?service=git-upload-pack")' },
  { name: 'address that no route has', code: 'read("/nothing")' },
  { name: 'pause', code: 'read(at.build + "/pause", json)' },
  {
    name: 'cancel with a key',
    code: 'read(at.build + "/cancel", { ...json, headers: { ...json.headers, "idempotency-key": "k" } })',
  },
  { name: 'start', code: 'read("/api/workflows/shop/start", { ...json, body: start })' },
  {
    name: 'amendment',
    code: 'read(at.build + "/request", { ...json, method: "PATCH", body: \'{"reason":"x","workdir":"y"}\' })',
  },
  { name: 'frame that is read', code: 'framed(at.build + "/status")' },
  { name: 'form that is read', code: 'send(at.build + "/pause", {})' },
  { name: 'other name of the attacker', code: 'read("http://other.test:" + at.port + at.build + "/status")' },
  {
    name: 'name in the headers of a proxy',
    code: 'read(at.build + "/status", { headers: { "x-forwarded-host": "127.0.0.1:" + at.port, forwarded: "host=127.0.0.1" } })',
  },
];
