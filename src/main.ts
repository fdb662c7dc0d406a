import { readConfig } from './settings/config.ts';
import type { Gateway } from './gateway/gateway.ts';
import { describeDefect, wordOf } from './observe/defect.ts';
import type { Emit } from './observe/events.ts';
import { createLog } from './observe/log/log.ts';
import { createLogOutput } from './observe/log/output.ts';
import { welcome } from './observe/log/welcome.ts';
import { systemClock } from './base/clock.ts';
import { SettingError } from './base/setting-error.ts';
import { onSignals } from './base/process-signals.ts';

const reading = readConfig(process.env);
if ('mistakes' in reading) {
  for (const mistake of reading.mistakes) console.error(mistake);
  process.exit(1);
}
const { config, warnings } = reading;
const production = config.nodeEnv === 'production';
const readable = process.stdout.isTTY && !production;
const output = createLogOutput(process.stdout, (lines) => emit({ event: 'logLinesDropped', lines }));
process.on('exit', () => output.flush());
// At the end, a slow reader of the log gets this long to read the last lines.
const lastLinesMs = 500;
const log = createLog({ level: config.logLevel, readable, destination: output, clock: systemClock });
const welcomes = !production && (config.logLevel === 'info' || config.logLevel === 'debug');
const emit: Emit = (event) => {
  const isStart = event.event === 'started';
  if (isStart && welcomes) output.write(welcome(event));
  // On a terminal, the welcome text replaces this line.
  if (!isStart || !readable) log(event);
};
for (const problem of warnings) emit({ event: 'setting', problem });

// Otherwise Node would print warnings and uncaught errors to stderr, and an error's message can contain data.
process.removeAllListeners('warning');
process.on('warning', (warning) =>
  emit({
    event: 'warning',
    name: wordOf(warning.name) ?? 'Warning',
    code: 'code' in warning ? wordOf(warning.code) : undefined,
  }),
);
process.on('uncaughtException', (error) => {
  emit({ event: 'defect', ...describeDefect(error), requestId: undefined });
  process.exit(1);
});

// Before anything starts: without a listener, a process that is PID 1 ignores the signal.
let gateway: Gateway | undefined;
onSignals({
  end: (signal) => void stop(signal),
  endNow,
  reload: config.trustedDocuments === undefined ? undefined : () => gateway?.reload(),
});
const starting = start();
gateway = await starting;

async function start(): Promise<Gateway> {
  // Imported only after the settings have been checked: it imports TLS, and Node then prints its own line about broken certificates.
  const { startGateway } = await import('./gateway/gateway.ts');
  try {
    return await startGateway(config, { emit, droppedLogLines: () => output.dropped });
  } catch (error) {
    if (!(error instanceof SettingError)) throw error;
    console.error(error.message);
    process.exit(1);
  }
}

async function stop(signal: string): Promise<void> {
  const startedAt = performance.now();
  emit({ event: 'stopping', signal });
  await (await starting).close();
  emit({ event: 'stopped', durationMs: Math.round(performance.now() - startedAt) });
  await output.drain(lastLinesMs);
  process.exit(0);
}

function endNow(signal: string): void {
  const open = gateway?.underWay() ?? { connections: 0, requests: 0 };
  emit({ event: 'cut', reason: `a second signal: ${signal}`, ...open });
  process.exit(1);
}
