import { readConfig } from '../settings/config.ts';
import { domains } from '../gateway/domains.ts';
import { simulatedEndpoints } from '../graphql/domain.ts';
import { exampleRecord } from '../simulator/example.ts';
import { endpointPath, startSimulator } from '../simulator/simulator.ts';
import { developmentToken, refusedTokens } from '../simulator/tokens.ts';
import { unknownId, worldIds } from '../simulator/world.ts';

function fail(...lines: readonly string[]): never {
  console.error(lines.join('\n'));
  process.exit(1);
}

// Only its own settings are read: a mistake in another setting must not stop it.
const { SIMULATOR_PORT, SIMULATOR_HOST } = process.env;
const reading = readConfig({ SIMULATOR_PORT, SIMULATOR_HOST });
if ('mistakes' in reading) fail(...reading.mistakes);
const { simulatorPort: port, simulatorHost: host } = reading.config;

const endpoints = await simulatedEndpoints(domains);
const simulator = await startSimulator({ port, host, endpoints }).catch((error: NodeJS.ErrnoException) =>
  fail(
    error.code === 'EADDRINUSE'
      ? `SIMULATOR_PORT: ${port} is in use; set another, or 0 for any that is free`
      : `SIMULATOR_PORT: ${port} cannot be listened on: ${error.message}`,
  ),
);

const line = (name: string, does: string): string => `  ${name.padEnd(17)}${does}`;

console.log(`The conference API, simulated, at ${simulator.url.origin}

  curl ${new URL(endpointPath, simulator.url).href} \\
    -H 'content-type: application/json' -H 'token: ${developmentToken}' \\
    -d '{"tempConferenceId":"${exampleRecord.tempConferenceId}"}'

Conference IDs
${worldIds.map(({ id, about }) => line(id, about.en)).join('\n')}
${line('any other', unknownId.about.en)}

Tokens
${line(developmentToken, 'Accepted, as is any other but these:')}
${refusedTokens.map(({ token, about }) => line(token, about.en)).join('\n')}
`);

const stop = (): void => void simulator.close();
process.once('SIGINT', stop);
process.once('SIGTERM', stop);
