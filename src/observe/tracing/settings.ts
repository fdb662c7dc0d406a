import { isQuoted, quotedMistake } from '../../base/quoted.ts';
import { type Sampler, samplers } from './sampler.ts';
import type { Attributes } from './span.ts';

/** How traces are sampled, gathered and sent. */
export interface TracingSettings {
  readonly url: URL;
  readonly protocol: 'http/protobuf' | 'http/json';
  readonly compression: 'none' | 'gzip';
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds that one export may take. */
  readonly timeoutMs: number;
  readonly resource: Attributes;
  readonly sampler: Sampler;
  /** Milliseconds from the first span of a batch to its export. */
  readonly delayMs: number;
  /** Spans that may wait; what comes on top is dropped. */
  readonly maxQueue: number;
  readonly maxBatch: number;
}

/** Undefined settings: no traces. A wrong variable never stops the start, as OpenTelemetry asks: it is as if unset, with a warning. */
export interface TracingReading {
  readonly tracing: TracingSettings | undefined;
  readonly warnings: readonly string[];
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads OpenTelemetry's own variables. No warning shows a value: headers and addresses can hold a secret. */
export function readTracing(env: Environment): TracingReading {
  const warnings: string[] = [];
  // For traces alone, or for all signals.
  const otlp = (name: string) =>
    [`OTEL_EXPORTER_OTLP_TRACES_${name}`, `OTEL_EXPORTER_OTLP_${name}`].find((full) => env[full]?.trim()) ??
    `OTEL_EXPORTER_OTLP_${name}`;

  function read<T>(name: string, initial: T, takes: string, parse: (text: string) => T | undefined): T {
    const text = env[name]?.trim();
    if (!text) return initial;
    const mistake = isQuoted(text) ? quotedMistake : `not ${takes}`;
    const value = isQuoted(text) ? undefined : parse(text);
    if (value === undefined) warnings.push(`${name}: ${mistake}; it is taken as unset`);
    return value ?? initial;
  }
  const oneOf = <T extends string>(name: string, initial: T, words: readonly T[]): T =>
    read(name, initial, `one of ${words.join(', ')}`, (text) =>
      words.find((word) => word === text.toLowerCase()),
    );
  const whole = (name: string, initial: number, min = 0) =>
    read(name, initial, `a whole number from ${min} on`, (text) =>
      /^\d{1,9}$/.test(text) && Number(text) >= min ? Number(text) : undefined,
    );
  const listOfPairs = 'a list of name=value separated by commas';

  const urlName = otlp('ENDPOINT');
  const base = read(urlName, undefined, 'an http or https URL without a user', parseUrl);
  const disabled = oneOf('OTEL_SDK_DISABLED', 'false', ['true', 'false']) === 'true';
  const exporter = oneOf('OTEL_TRACES_EXPORTER', 'otlp', ['otlp', 'none']);
  if (!base || disabled || exporter === 'none') return { tracing: undefined, warnings };

  const sampler = read(
    'OTEL_TRACES_SAMPLER',
    samplers.parentbased_always_on,
    `one of ${Object.keys(samplers).join(', ')}`,
    (text) => Object.entries(samplers).find(([name]) => name === text.toLowerCase())?.[1],
  );
  const ratio = read('OTEL_TRACES_SAMPLER_ARG', 1, 'a number from 0 to 1', parseRatio);
  const serviceName = read('OTEL_SERVICE_NAME', undefined, 'a name', (text) => text);
  const maxQueue = whole('OTEL_BSP_MAX_QUEUE_SIZE', 2048, 1);
  const tracing: TracingSettings = {
    url: urlName.includes('_TRACES_') ? base : below(base, 'v1/traces'),
    protocol: oneOf(otlp('PROTOCOL'), 'http/protobuf', ['http/protobuf', 'http/json']),
    compression: oneOf(otlp('COMPRESSION'), 'none', ['none', 'gzip']),
    headers: read(otlp('HEADERS'), {}, listOfPairs, parseHeaders),
    timeoutMs: Math.min(whole(otlp('TIMEOUT'), 10_000, 1), whole('OTEL_BSP_EXPORT_TIMEOUT', 30_000, 1)),
    resource: {
      'service.name': 'conference-gateway',
      ...read('OTEL_RESOURCE_ATTRIBUTES', {}, listOfPairs, parsePairs),
      ...(serviceName !== undefined && { 'service.name': serviceName }),
    },
    sampler: sampler(ratio),
    delayMs: whole('OTEL_BSP_SCHEDULE_DELAY', 5000),
    maxQueue,
    maxBatch: Math.min(whole('OTEL_BSP_MAX_EXPORT_BATCH_SIZE', 512, 1), maxQueue),
  };
  return { tracing, warnings };
}

function parseUrl(text: string): URL | undefined {
  const url = URL.parse(text);
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.username || url.password) return undefined;
  return url;
}

// The path of the general endpoint is a prefix, whether or not it ends in a slash.
function below(base: URL, path: string): URL {
  const url = new URL(base);
  url.pathname = `${url.pathname.replace(/\/$/, '')}/${path}`;
  return url;
}

function parseRatio(text: string): number | undefined {
  const ratio = Number(text);
  return ratio >= 0 && ratio <= 1 ? ratio : undefined;
}

/** As W3C Baggage writes pairs, values percent-encoded; one that is wrong spoils them all. */
function parsePairs(text: string): Readonly<Record<string, string>> | undefined {
  const entries: [string, string][] = [];
  for (const pair of text.split(',').filter((part) => part.trim() !== '')) {
    const [, name, value] = /^\s*([!#$%&'*+.^_`|~\w-]+)\s*=(.*)$/.exec(pair) ?? [];
    if (name === undefined || value === undefined) return undefined;
    try {
      entries.push([name, decodeURIComponent(value.trim())]);
    } catch {
      return undefined;
    }
  }
  return Object.fromEntries(entries);
}

// A value that no header can carry would fail each export, for ever.
function parseHeaders(text: string): Readonly<Record<string, string>> | undefined {
  const headers = parsePairs(text);
  return headers && Object.values(headers).every((value) => /^[\t\x20-\x7e]*$/.test(value))
    ? headers
    : undefined;
}
