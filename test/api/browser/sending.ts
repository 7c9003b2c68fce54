/**
 * Attacks by a page of another origin that sends requests by scripts and forms.
 */
import type { Way } from './ways';

export const SENDING: Way[] = [
  { name: 'fetch of the status', code: 'read(at.api + at.build + "/status")' },
  { name: 'fetch of the list with credentials', code: 'read(at.api + "/api/workflows", { credentials: "include" })' },
  { name: 'fetch of the record', code: 'read(at.api + at.build + "/record")' },
  { name: 'fetch of the health', code: 'read(at.api + "/healthz")' },
  { name: 'fetch of the page', code: 'read(at.api + "/")' },
  { name: 'fetch of branches as git asks', code: 'read(at.api + "/git/shop.git/info/refs?service=git-upload-pack")' },
  { name: 'opaque fetch of the status', code: 'read(at.api + at.build + "/status", { mode: "no-cors" })' },
  {
    name: 'fetch that says that it goes to the loopback',
    code: 'read(at.api + at.build + "/status", { targetAddressSpace: "loopback" })',
  },
  { name: 'POST of JSON, with its preflight', code: 'read(at.api + at.build + "/pause", json)' },
  {
    name: 'PATCH of JSON, with its preflight',
    code: 'read(at.api + at.build + "/request", { ...json, method: "PATCH" })',
  },
  { name: 'POST of JSON in text/plain', code: 'read(at.api + at.build + "/pause", text)' },
  { name: 'opaque POST in text/plain', code: 'read(at.api + at.build + "/pause", { ...text, mode: "no-cors" })' },
  { name: 'opaque POST in JSON', code: 'read(at.api + at.build + "/pause", { ...json, mode: "no-cors" })' },
  {
    name: 'opaque POST of a JSON blob',
    code: 'read(at.api + at.build + "/pause", { mode: "no-cors", method: "POST", body: new Blob(["{}"], { type: "application/json" }) })',
  },
  {
    name: 'opaque POST without a body',
    code: 'read(at.api + at.build + "/pause", { method: "POST", mode: "no-cors" })',
  },
  {
    name: 'opaque start of a build',
    code: 'read(at.api + "/api/workflows/shop/start", { ...text, body: start, mode: "no-cors" })',
  },
  {
    name: 'POST of fields',
    code: 'read(at.api + at.build + "/pause", { method: "POST", body: new URLSearchParams({ reason: "x" }) })',
  },
  {
    name: 'POST of a file',
    code: 'const body = new FormData(); body.append("file", new Blob(["{}"], { type: "application/json" })); return read(at.api + at.build + "/pause", { method: "POST", body })',
  },
  {
    name: 'POST that outlives its page',
    code: 'read(at.api + at.build + "/cancel", { ...text, mode: "no-cors", keepalive: true })',
  },
  {
    name: 'POST of a pack, as text',
    code: 'read(at.api + "/git/shop.git/git-receive-pack", { ...text, mode: "no-cors" })',
  },
  {
    name: 'XMLHttpRequest of the status',
    code: 'new Promise((resolve) => { const ask = new XMLHttpRequest(); ask.onloadend = () => resolve(ask.responseText); ask.open("GET", at.api + at.build + "/status"); ask.send(); })',
  },
  {
    name: 'XMLHttpRequest that pauses',
    code: 'new Promise((resolve) => { const ask = new XMLHttpRequest(); ask.onloadend = () => resolve(ask.responseText); ask.open("POST", at.api + at.build + "/pause"); ask.send("{}"); })',
  },
  { name: 'beacon of text', code: 'String(navigator.sendBeacon(at.api + at.build + "/pause", "{}"))', arrives: 1 },
  {
    name: 'beacon of a JSON blob',
    code: 'String(navigator.sendBeacon(at.api + at.build + "/pause", new Blob(["{}"], { type: "application/json" })))',
    arrives: 1,
  },
  { name: 'form', code: 'send(at.api + at.build + "/pause", { reason: "x" })' },
  { name: 'form without fields', code: 'send(at.api + at.build + "/pause", {})' },
  {
    name: 'form that writes JSON as text',
    code: 'send(at.api + at.build + "/pause", { \'{"reason":"\': \'"}\' }, { enctype: "text/plain" })',
  },
  {
    name: 'form of parts',
    code: 'send(at.api + at.build + "/pause", { reason: "x" }, { enctype: "multipart/form-data" })',
  },
  {
    name: 'form that starts a build',
    code: 'send(at.api + "/api/workflows/shop/start", { [start.slice(0, -1) + \',"x":"\']: \'"}\' }, { enctype: "text/plain" })',
  },
  {
    name: 'form in a new window',
    code: 'const form = make("form", { action: at.api + at.build + "/pause", method: "post", target: "_blank" }); document.body.append(form); form.submit(); return ""',
    arrives: 1,
  },
  { name: 'form that reads in a frame', code: 'send(at.api + at.build + "/status", {}, { method: "get" })' },
];
