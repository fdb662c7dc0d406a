import { readConfig } from '../settings/config.ts';
import { readToken } from '../server/request/credentials.ts';
import { systemClock } from '../base/clock.ts';
import { isQuoted, quotedMistake } from '../base/quoted.ts';
import { isSurrounding } from '../settings/surroundings.ts';
import { chinese } from './check-upstream/chinese.ts';
import { english } from './check-upstream/english.ts';
import { fits, report } from './check-upstream/report.ts';
import { askHidden, looksLikeToken } from './check-upstream/token.ts';
import { languageOf } from './check-upstream/words.ts';

const { env, argv, stdin, stderr } = process;
const words = { en: english, zh: chinese }[languageOf(env)];

function misused(...lines: readonly string[]): never {
  console.error(lines.join('\n'));
  process.exit(2);
}

const [id, ...more] = argv.slice(2);
const given = env['UPSTREAM_TOKEN']?.trim() || undefined;
if (id === undefined || id === '') misused(words.usage);
if (more.length > 0 || id.startsWith('-') || looksLikeToken(id, given))
  misused(words.tokenAsArgument, words.usage);

// Only the settings of the call upstream are read: a mistake in another setting must not prevent this check.
const reading = readConfig(
  Object.fromEntries(
    Object.entries(env).filter(([name]) => name.startsWith('UPSTREAM_') || isSurrounding(name)),
  ),
);
if ('mistakes' in reading) misused(...reading.mistakes);
if (given && isQuoted(given)) misused(`UPSTREAM_TOKEN: ${quotedMistake}`);
for (const warning of reading.warnings) console.error(warning);
const {
  upstreamUrl,
  upstreamTokenIn,
  upstreamTimeoutMs,
  upstreamMaxBytes,
  upstreamStatusCodes,
  upstreamReuseConnections,
} = reading.config;
if (!upstreamUrl) misused(words.noUpstream, words.usage);
if (given === undefined && !stdin.isTTY) misused(words.noToken, words.usage);

const typed = given ?? (await askHidden(words.askToken, stdin, stderr));
const token = readToken(['token', typed?.trim() ?? '']);
if (token === undefined) misused(words.unusableToken);

// Imported only after the settings have been checked: they import TLS, and Node then prints its own line about broken certificates.
const { createConnections } = await import('../upstream/exchange/connections.ts');
const { ask } = await import('./check-upstream/ask.ts');
const { interview } = await import('./check-upstream/interview.ts');
const connections = createConnections({
  url: upstreamUrl,
  reuse: upstreamReuseConnections,
  clock: systemClock,
});
const settings = {
  url: upstreamUrl,
  timeoutMs: upstreamTimeoutMs,
  maxBytes: upstreamMaxBytes,
  statusCodes: upstreamStatusCodes,
};
const learned = await interview({
  id,
  token,
  tokenIn: upstreamTokenIn,
  ask: (question) => ask(question, settings, connections),
});
connections.close();

// An upstream may echo the token in a message or in a field.
process.stdout.write(report(learned, env['UPSTREAM_STATUS_CODES'], words).replaceAll(token, words.masked));
process.exitCode = fits(learned) ? 0 : 1;
