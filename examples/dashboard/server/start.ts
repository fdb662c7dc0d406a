import { fileURLToPath } from 'node:url';
import { buildPage, generateDocuments } from './build.ts';
import { installGateway, startGateway } from './gateway.ts';
import { serveDashboard } from './serve.ts';

const { GATEWAY_URL, UPSTREAM_URL, PORT = '4173', HOST = '127.0.0.1' } = process.env;

try {
  await start();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

async function start(): Promise<void> {
  const port = Number(PORT);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error(`PORT: ${JSON.stringify(PORT)} is not a whole number from 0 to 65535`);
  const named = GATEWAY_URL ? endpointOf(GATEWAY_URL) : undefined;

  await using begun = new AsyncDisposableStack();
  if (!named) await installGateway();
  console.log('Building the page …');
  await generateDocuments();
  // The gateway takes the upstream from the environment, if it is there, instead of its simulator.
  const onSimulator = !named && !UPSTREAM_URL;
  await buildPage(onSimulator ? { VITE_SIMULATOR_TOKEN: 'dev-token' } : {}, 'dist');
  const folder = fileURLToPath(new URL('../dist', import.meta.url));
  const gatewayUrl = named ?? begun.use(await startGateway()).url;
  const served = begun.use(
    await serveDashboard({ folder, gatewayUrl, port, host: HOST }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRINUSE') throw error;
      throw new Error(`PORT: ${port} is in use; set another, or 0 for any that is free`);
    }),
  );
  console.log(`
  The page     ${served.url}
  The gateway  ${gatewayUrl}${named ? '' : `, ${onSimulator ? 'on its simulator, ' : ''}for this page's documents alone`}
`);
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}

/** @param text an origin, or the URL of the endpoint. */
function endpointOf(text: string): string {
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol))
    throw new Error(`GATEWAY_URL: ${JSON.stringify(text)} is not an http or https URL`);
  return url.pathname === '/' ? new URL('/graphql', url).href : url.href;
}
