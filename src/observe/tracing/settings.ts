import { readFileSync } from 'node:fs';
import { isQuoted, quotedMistake } from '../../base/quoted.ts';

/**
 * How traces are sampled and batched. OpenTelemetry's packages read everything else from the process's environment themselves: how and
 * where to export, and the name of the service.
 */
export interface TracingSettings {
  readonly protocol: (typeof protocols)[number];
  readonly sampler: SamplerName;
  /** The share of traces that a ratio sampler keeps, from 0 to 1. */
  readonly ratio: number;
  /** Milliseconds from the first span of a batch to its export. */
  readonly delayMs: number;
  /** Maximum number of spans in the queue and in running exports; further ones are dropped. */
  readonly maxQueue: number;
  readonly maxBatch: number;
  /** Timeout of one export in milliseconds, unless OTEL_EXPORTER_OTLP_TIMEOUT is shorter. */
  readonly exportTimeoutMs: number;
}

/** A wrong variable never prevents the start, as OpenTelemetry's specification requires: it causes a warning. */
export interface TracingReading {
  /** Undefined if tracing is off. */
  readonly tracing: TracingSettings | undefined;
  readonly warnings: readonly string[];
}

type Environment = Readonly<Record<string, string | undefined>>;

const protocols = ['http/protobuf', 'http/json'] as const;
const samplerNames = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;
export type SamplerName = (typeof samplerNames)[number];
const defaultSampler: SamplerName = 'parentbased_always_on';

/**
 * Reads OpenTelemetry's own variables, and checks those that its packages read. The packages treat a wrong value as unset, too, but
 * either do not say so or print the value. No warning here contains a value: headers and addresses can contain a secret.
 */
export function readTracing(env: Environment): TracingReading {
  const warnings: string[] = [];

  function read<T>(
    name: string,
    initial: T,
    takes: string,
    parse: (text: string) => T | undefined,
    instead = 'it is taken as unset',
  ): T | undefined {
    const text = env[name]?.trim();
    if (!text) return initial;
    const mistake = isQuoted(text) ? quotedMistake : `not ${takes}`;
    const value = isQuoted(text) ? undefined : parse(text);
    if (value === undefined) warnings.push(`${name}: ${mistake}; ${instead}`);
    return value;
  }
  const oneOf = <T extends string>(name: string, initial: T, words: readonly T[], instead?: string) =>
    read(
      name,
      initial,
      `one of ${words.join(', ')}`,
      (text) => words.find((word) => word === text.toLowerCase()),
      instead,
    );
  const whole = (name: string, initial: number, min = 0) =>
    read(name, initial, `a whole number from ${min} on`, (text) =>
      /^\d{1,9}$/.test(text) && Number(text) >= min ? Number(text) : undefined,
    ) ?? initial;
  const check = (name: string, takes: string, isRight: (text: string) => boolean, instead?: string) =>
    read(name, true, takes, (text) => isRight(text) || undefined, instead);

  const nothing = 'nothing is traced';
  const isDisabled = oneOf('OTEL_SDK_DISABLED', 'false', ['true', 'false']) === 'true';
  const isOff = oneOf('OTEL_TRACES_EXPORTER', 'otlp', ['otlp', 'none']) === 'none';
  // The variable for traces wins over the variable for all signals.
  const first = (name: string) => (env[forTraces(name)]?.trim() ? forTraces(name) : forAll(name));
  const url = read(first('ENDPOINT'), undefined, 'an http or https URL', parseUrl, nothing);
  const protocol = url && oneOf(first('PROTOCOL'), 'http/protobuf', protocols, nothing);
  if (!protocol || isDisabled || isOff) return { tracing: undefined, warnings };

  for (const nameOf of [forTraces, forAll]) {
    check(nameOf('HEADERS'), 'a list of name=value separated by commas', areHeaders, 'exports can fail');
    check(nameOf('COMPRESSION'), 'one of none, gzip', (text) => ['none', 'gzip'].includes(text));
    check(
      nameOf('TIMEOUT'),
      'a number of milliseconds above 0',
      (text) => isFinite(Number(text)) && Number(text) > 0,
    );
    for (const file of ['CERTIFICATE', 'CLIENT_CERTIFICATE', 'CLIENT_KEY'])
      check(nameOf(file), 'a file that can be read', isReadable);
  }
  check('OTEL_SERVICE_NAME', 'a name', () => true);
  check('OTEL_RESOURCE_ATTRIBUTES', 'a list of name=value separated by commas', areAttributes);

  const maxQueue = whole('OTEL_BSP_MAX_QUEUE_SIZE', 2048, 1);
  const tracing: TracingSettings = {
    protocol,
    sampler: oneOf('OTEL_TRACES_SAMPLER', defaultSampler, samplerNames) ?? defaultSampler,
    ratio: read('OTEL_TRACES_SAMPLER_ARG', 1, 'a number from 0 to 1', parseRatio) ?? 1,
    delayMs: whole('OTEL_BSP_SCHEDULE_DELAY', 5000),
    maxQueue,
    maxBatch: Math.min(whole('OTEL_BSP_MAX_EXPORT_BATCH_SIZE', 512, 1), maxQueue),
    exportTimeoutMs: whole('OTEL_BSP_EXPORT_TIMEOUT', 30_000, 1),
  };
  return { tracing, warnings };
}

const forTraces = (name: string) => `OTEL_EXPORTER_OTLP_TRACES_${name}`;
const forAll = (name: string) => `OTEL_EXPORTER_OTLP_${name}`;

function parseUrl(text: string): URL | undefined {
  const url = URL.parse(text);
  return url && ['http:', 'https:'].includes(url.protocol) ? url : undefined;
}

function parseRatio(text: string): number | undefined {
  const ratio = Number(text);
  return ratio >= 0 && ratio <= 1 ? ratio : undefined;
}

/** The parts of the list, percent-decoded; undefined if one is not name=value. */
function pairsOf(text: string): readonly string[] | undefined {
  const pairs = text.split(',').filter((pair) => pair.trim() !== '');
  if (!pairs.every((pair) => pair.trim().indexOf('=') > 0)) return undefined;
  try {
    return pairs.map(decodeURIComponent);
  } catch {
    return undefined;
  }
}

// With a value that is not allowed in a header, every export would fail.
const areHeaders = (text: string) => pairsOf(text)?.every((pair) => /^[\t\x20-\x7e]*$/.test(pair)) ?? false;

// The package accepts `=` in a value only if it is percent-encoded.
const areAttributes = (text: string) =>
  pairsOf(text) !== undefined && text.split(',').every((pair) => pair.split('=').length <= 2);

function isReadable(path: string): boolean {
  try {
    return readFileSync(path).length > 0;
  } catch {
    return false;
  }
}
