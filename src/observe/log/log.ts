import { pino } from 'pino';
import type { Clock } from '../../base/clock.ts';
import { utcText } from '../../base/utc.ts';
import { type Emit, events, type GatewayEvent } from '../events.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** Receives the lines: standard output, except in tests. */
interface Destination {
  write(line: string): void;
}

export interface LogOptions {
  readonly level: LogLevel;
  /** Text for a person at a terminal instead of JSON for a collector. */
  readonly readable: boolean;
  readonly destination: Destination;
  readonly clock: Pick<Clock, 'wallNow'>;
}

/** Writes one line per event, with the fields that the event's row in the table lists and no others. */
export function createLog({ level, readable, destination, clock }: LogOptions): Emit {
  const logger = pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${utcText(clock.wallNow())}"`,
      formatters: { level: (label) => ({ level: label }) },
      messageKey: 'message',
    },
    readable ? { write: (line) => destination.write(readableLine(line)) } : destination,
  );
  return (event) => {
    const row = events[event.event];
    if (logger.isLevelEnabled(row.level)) logger[row.level](allowed(event), row.message);
  };
}

function allowed(event: GatewayEvent): Record<string, unknown> {
  const given: Readonly<Record<string, unknown>> = event;
  const line: Record<string, unknown> = { event: event.event };
  for (const name in events[event.event].fields) line[name] = given[name];
  return line;
}

function readableLine(json: string): string {
  const { time, level, message, event: _event, ...fields }: Record<string, unknown> = JSON.parse(json);
  const clock = String(time).slice(11, 19);
  const rest = Object.entries(fields).map(([name, value]) => `  ${name}=${JSON.stringify(value)}`);
  return `${clock} ${String(level).padEnd(5)} ${String(message)}${rest.join('')}\n`;
}
