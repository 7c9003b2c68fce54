/**
 * `npm run ui`: runs the proxy that `npm start` puts before the embedded Web UI, for the Web UI of your own Temporal server.
 *
 * It listens on HOST and PORT, and forwards to TEMPORAL_UI_UPSTREAM.
 */
import { openUiFront } from '../adapters/temporal/ui-front';
import { ConfigError, readConfig } from './config';
import { waitForInterruption, interruption, oneLine, say } from './program';

async function main(): Promise<void> {
  const signal = interruption();
  const { host, port, browsers, temporal } = readConfig();
  if (temporal.uiUpstream === undefined)
    throw new ConfigError('TEMPORAL_UI_UPSTREAM is not set: it must be <host>:<port> of the Web UI');
  const front = await openUiFront({ host, port, allowedHosts: browsers.allowedHosts });
  if (front === undefined)
    throw new Error(`the proxy cannot listen on port ${port} of ${host}: set HOST or PORT to another value`);
  front.forwardTo(temporal.uiUpstream);
  process.stdout.write(`ready http://${host}:${front.port}\n`);
  await waitForInterruption(signal);
  await front.close();
}

main().catch((error: unknown) => {
  say(oneLine(error));
  process.exitCode = 1;
});
