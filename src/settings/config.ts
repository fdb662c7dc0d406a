import { isQuoted, quotedMistake } from '../base/quoted.ts';
import { readTracing, type TracingSettings } from '../observe/tracing/settings.ts';
import type { Kind } from './kinds.ts';
import { type Setting, settings } from './settings.ts';
import {
  extraCertificatesMistake,
  isOfService,
  isServiceLink,
  proxyWarning,
  trustWarning,
} from './surroundings.ts';

type Settings = typeof settings;
type ValueOf<S> = S extends Setting<infer T, infer None> ? T | None : never;

/** The gateway's configuration: one checked value for each setting. */
export type Config = { readonly [Key in keyof Settings]: ValueOf<Settings[Key]> } & {
  /** From OpenTelemetry's own variables; undefined if tracing is off. */
  readonly tracing: TracingSettings | undefined;
  /** Whether the operator set `HOST`: then there is no fallback to another address. */
  readonly isHostSet: boolean;
};

type Environment = Readonly<Record<string, string | undefined>>;

/** Either a configuration, or every mistake in the environment, one line each; no line contains a secret. */
export type ConfigReading =
  | { readonly config: Config; readonly warnings: readonly string[] }
  | { readonly mistakes: readonly string[] };

export function readConfig(env: Environment): ConfigReading {
  const mistakes: string[] = [];
  const links: string[] = [];
  const production = env['NODE_ENV']?.trim() === 'production';

  const valueOf = ({ name, default: initial, kind, none }: Setting<unknown, unknown>): unknown => {
    const initialText =
      typeof initial === 'string' ? initial : production ? initial.production : initial.otherwise;
    let given = env[name]?.trim();
    if (given && name.endsWith('PORT') && isServiceLink(given)) {
      links.push(
        `${name}: ${shown(given)} is the link of Kubernetes to a Service; it counts as unset (enableServiceLinks: false keeps such variables away)`,
      );
      given = undefined;
    }
    // Told before it is read: a file, a name or a secret may have quotes as well as any other character.
    const quoted = given !== undefined && isQuoted(given);
    const value = quoted ? undefined : kind.read(given || initialText);
    if (given && value === undefined)
      mistakes.push(`${name}: ${quoted ? quotedMistake : mistakeIn(given, kind)}`);
    return value ?? none;
  };
  const values = Object.entries(settings).map(([key, setting]) => [key, valueOf(setting)]);
  if (production && !env['UPSTREAM_URL']?.trim()) {
    mistakes.push(`UPSTREAM_URL: not set, and in production it must be ${settings.upstreamUrl.kind.takes}`);
  }
  const badCertificates = extraCertificatesMistake(env);
  if (badCertificates) mistakes.push(badCertificates);
  if (mistakes.length > 0) return { mistakes };
  // fromEntries loses the type of each key. It is right: each value was read by the kind that the type is derived from.
  const { tracing, warnings } = readTracing(env);
  const isHostSet = Boolean(env[settings.host.name]?.trim());
  const config: Config = { ...Object.fromEntries(values), tracing, isHostSet };
  const surroundings = [proxyWarning(env), trustWarning(env)].filter((warning) => warning !== undefined);
  return { config, warnings: [...links, ...unknownNames(env), ...warnings, ...surroundings] };
}

function mistakeIn(given: string, { hides, takes }: Kind<unknown>): string {
  return `${hides?.(given) ? 'what it is set to' : shown(given)} is not ${takes}`;
}

// Without this, a misspelt name would silently count as unset.
function unknownNames(env: Environment): string[] {
  const known = new Set(Object.values(settings).map(({ name }) => name));
  return Object.entries(env)
    .filter(([name, text]) => name.startsWith('UPSTREAM_') && text?.trim() && !known.has(name))
    .filter(([name, text = '']) => name !== checkUpstreamToken && !isOfService(name, text))
    .map(([name]) => `${name}: no setting of this name`);
}

// Only `npm run check-upstream` reads this one; it is no mistake to have it in the environment.
const checkUpstreamToken = 'UPSTREAM_TOKEN';

const shown = (text: string) => JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
