import { readTracing, type TracingSettings } from '../observe/tracing/settings.ts';
import { type Setting, settings } from './settings.ts';

type Settings = typeof settings;
type ValueOf<S> = S extends Setting<infer T, infer None> ? T | None : never;

/** The gateway's configuration: one value a setting, checked. */
export type Config = { readonly [Key in keyof Settings]: ValueOf<Settings[Key]> } & {
  /** By OpenTelemetry's own variables; undefined where nothing is traced. */
  readonly tracing: TracingSettings | undefined;
};

type Environment = Readonly<Record<string, string | undefined>>;

/** Either a configuration, or all that is wrong with the environment: a line each, none of which shows a secret. */
export type ConfigReading =
  | { readonly config: Config; readonly warnings: readonly string[] }
  | { readonly mistakes: readonly string[] };

export function readConfig(env: Environment): ConfigReading {
  const mistakes: string[] = [];
  const production = env['NODE_ENV']?.trim() === 'production';

  const valueOf = ({ name, default: initial, kind, none }: Setting<unknown, unknown>): unknown => {
    const initialText =
      typeof initial === 'string' ? initial : production ? initial.production : initial.otherwise;
    const given = env[name]?.trim();
    const value = kind.read(given || initialText);
    if (given && value === undefined) {
      mistakes.push(
        `${name}: ${kind.hides?.(given) ? 'what it is set to' : shown(given)} is not ${kind.takes}`,
      );
    }
    return value ?? none;
  };
  const values = Object.entries(settings).map(([key, setting]) => [key, valueOf(setting)]);
  if (production && !env['UPSTREAM_URL']?.trim()) {
    mistakes.push(`UPSTREAM_URL: not set, and in production it must be ${settings.upstreamUrl.kind.takes}`);
  }
  if (mistakes.length > 0) return { mistakes };
  // fromEntries forgets which key has which type: each value was read by the kind that its key's type comes from.
  const { tracing, warnings } = readTracing(env);
  const config: Config = { ...Object.fromEntries(values), tracing };
  return { config, warnings: [...unknownNames(env), ...warnings] };
}

// A misspelt name would otherwise be an unset one, silently.
function unknownNames(env: Environment): string[] {
  const known = new Set(Object.values(settings).map(({ name }) => name));
  return Object.entries(env)
    .filter(([name, text]) => name.startsWith('UPSTREAM_') && text?.trim() && !known.has(name))
    .filter(([name]) => name !== checkUpstreamToken)
    .map(([name]) => `${name}: no setting of this name`);
}

// Read by `npm run check-upstream` alone; who keeps it in the environment has made no mistake.
const checkUpstreamToken = 'UPSTREAM_TOKEN';

const shown = (text: string) => JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
