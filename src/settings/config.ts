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

/** The gateway's configuration: one value a setting, checked. */
export type Config = { readonly [Key in keyof Settings]: ValueOf<Settings[Key]> } & {
  /** By OpenTelemetry's own variables; undefined where nothing is traced. */
  readonly tracing: TracingSettings | undefined;
  /** Whether `HOST` is set, so that no other address may take its place. */
  readonly isHostSet: boolean;
};

type Environment = Readonly<Record<string, string | undefined>>;

/** Either a configuration, or all that is wrong with the environment: a line each, none of which shows a secret. */
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
    const value = kind.read(given || initialText);
    if (given && value === undefined) mistakes.push(`${name}: ${mistakeIn(given, kind)}`);
    return value ?? none;
  };
  const values = Object.entries(settings).map(([key, setting]) => [key, valueOf(setting)]);
  if (production && !env['UPSTREAM_URL']?.trim()) {
    mistakes.push(`UPSTREAM_URL: not set, and in production it must be ${settings.upstreamUrl.kind.takes}`);
  }
  const badCertificates = extraCertificatesMistake(env);
  if (badCertificates) mistakes.push(badCertificates);
  if (mistakes.length > 0) return { mistakes };
  // fromEntries forgets which key has which type: each value was read by the kind that its key's type comes from.
  const { tracing, warnings } = readTracing(env);
  const isHostSet = Boolean(env[settings.host.name]?.trim());
  const config: Config = { ...Object.fromEntries(values), tracing, isHostSet };
  const surroundings = [proxyWarning(env), trustWarning(env)].filter((warning) => warning !== undefined);
  return { config, warnings: [...links, ...unknownNames(env), ...warnings, ...surroundings] };
}

function mistakeIn(given: string, { hides, takes }: Kind<unknown>): string {
  if (/^(["']).*\1$/s.test(given))
    return 'its value is in quotes, which are part of it here: remove the quotes';
  return `${hides?.(given) ? 'what it is set to' : shown(given)} is not ${takes}`;
}

// A misspelt name would otherwise be an unset one, silently.
function unknownNames(env: Environment): string[] {
  const known = new Set(Object.values(settings).map(({ name }) => name));
  return Object.entries(env)
    .filter(([name, text]) => name.startsWith('UPSTREAM_') && text?.trim() && !known.has(name))
    .filter(([name, text = '']) => name !== checkUpstreamToken && !isOfService(name, text))
    .map(([name]) => `${name}: no setting of this name`);
}

// Read by `npm run check-upstream` alone; who keeps it in the environment has made no mistake.
const checkUpstreamToken = 'UPSTREAM_TOKEN';

const shown = (text: string) => JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
