/**
 * Attacks by a page of another origin that sends requests by scripts and forms.
 */
import type { Attack } from './ways';

export const SENDING_ATTACKS: Attack[] = [
  { name: 'fetch of the status', code: 'read(targets.api + targets.build + "/status")' },
  {
    name: 'fetch of the list with credentials',
    code: 'read(targets.api + "/api/workflows", { credentials: "include" })',
  },
  { name: 'fetch of the record', code: 'read(targets.api + targets.build + "/record")' },
  { name: 'fetch of the health', code: 'read(targets.api + "/healthz")' },
  { name: 'fetch of the page', code: 'read(targets.api + "/")' },
  {
    name: 'fetch of branches as git asks',
    code: 'read(targets.api + "/git/shop.git/info/refs?service=git-upload-pack")',
  },
  { name: 'opaque fetch of the status', code: 'read(targets.api + targets.build + "/status", { mode: "no-cors" })' },
  {
    name: 'fetch that says that it goes to the loopback',
    code: 'read(targets.api + targets.build + "/status", { targetAddressSpace: "loopback" })',
  },
  { name: 'POST of JSON, with its preflight', code: 'read(targets.api + targets.build + "/pause", json)' },
  {
    name: 'PATCH of JSON, with its preflight',
    code: 'read(targets.api + targets.build + "/request", { ...json, method: "PATCH" })',
  },
  { name: 'POST of JSON in text/plain', code: 'read(targets.api + targets.build + "/pause", text)' },
  {
    name: 'opaque POST in text/plain',
    code: 'read(targets.api + targets.build + "/pause", { ...text, mode: "no-cors" })',
  },
  { name: 'opaque POST in JSON', code: 'read(targets.api + targets.build + "/pause", { ...json, mode: "no-cors" })' },
  {
    name: 'opaque POST of a JSON blob',
    code: 'read(targets.api + targets.build + "/pause", { mode: "no-cors", method: "POST", body: new Blob(["{}"], { type: "application/json" }) })',
  },
  {
    name: 'opaque POST without a body',
    code: 'read(targets.api + targets.build + "/pause", { method: "POST", mode: "no-cors" })',
  },
  {
    name: 'opaque start of a build',
    code: 'read(targets.api + "/api/workflows/shop/start", { ...text, body: start, mode: "no-cors" })',
  },
  {
    name: 'POST of fields',
    code: 'read(targets.api + targets.build + "/pause", { method: "POST", body: new URLSearchParams({ reason: "x" }) })',
  },
  {
    name: 'POST of a file',
    code: 'const body = new FormData(); body.append("file", new Blob(["{}"], { type: "application/json" })); return read(targets.api + targets.build + "/pause", { method: "POST", body })',
  },
  {
    name: 'POST that outlives its page',
    code: 'read(targets.api + targets.build + "/cancel", { ...text, mode: "no-cors", keepalive: true })',
  },
  {
    name: 'POST of a pack, as text',
    code: 'read(targets.api + "/git/shop.git/git-receive-pack", { ...text, mode: "no-cors" })',
  },
  {
    name: 'XMLHttpRequest of the status',
    code: 'new Promise((resolve) => { const ask = new XMLHttpRequest(); ask.onloadend = () => resolve(ask.responseText); ask.open("GET", targets.api + targets.build + "/status"); ask.send(); })',
  },
  {
    name: 'XMLHttpRequest that pauses',
    code: 'new Promise((resolve) => { const ask = new XMLHttpRequest(); ask.onloadend = () => resolve(ask.responseText); ask.open("POST", targets.api + targets.build + "/pause"); ask.send("{}"); })',
  },
  {
    name: 'beacon of text',
    code: 'String(navigator.sendBeacon(targets.api + targets.build + "/pause", "{}"))',
    loggedRequests: 1,
  },
  {
    name: 'beacon of a JSON blob',
    code: 'String(navigator.sendBeacon(targets.api + targets.build + "/pause", new Blob(["{}"], { type: "application/json" })))',
    loggedRequests: 1,
  },
  { name: 'form', code: 'submitForm(targets.api + targets.build + "/pause", { reason: "x" })' },
  { name: 'form without fields', code: 'submitForm(targets.api + targets.build + "/pause", {})' },
  {
    name: 'form that writes JSON as text',
    code: 'submitForm(targets.api + targets.build + "/pause", { \'{"reason":"\': \'"}\' }, { enctype: "text/plain" })',
  },
  {
    name: 'form of parts',
    code: 'submitForm(targets.api + targets.build + "/pause", { reason: "x" }, { enctype: "multipart/form-data" })',
  },
  {
    name: 'form that starts a build',
    code: 'submitForm(targets.api + "/api/workflows/shop/start", { [start.slice(0, -1) + \',"x":"\']: \'"}\' }, { enctype: "text/plain" })',
  },
  {
    name: 'form in a new window',
    code: 'const form = make("form", { action: targets.api + targets.build + "/pause", method: "post", target: "_blank" }); document.body.append(form); form.submit(); return ""',
    loggedRequests: 1,
  },
  {
    name: 'form that reads in a frame',
    code: 'submitForm(targets.api + targets.build + "/status", {}, { method: "get" })',
  },
];
