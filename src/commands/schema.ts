import { parseArgs } from 'node:util';
import { print } from 'graphql';
import { readConfig } from '../settings/config.ts';
import { domains } from '../gateway/domains.ts';
import { clientSchema } from '../graphql/schema/client-schema.ts';
import { excludeTags } from '../graphql/schema/exclude-tags.ts';
import { readTypeDefs } from '../graphql/schema/schema.ts';
import { SettingError } from '../base/setting-error.ts';

function fail(...lines: readonly string[]): never {
  console.error(lines.join('\n'));
  process.exit(1);
}

function wantsClient(): boolean {
  try {
    return parseArgs({ options: { client: { type: 'boolean', default: false } } }).values.client;
  } catch {
    return fail(
      'usage: npm run --silent schema [-- --client]',
      '  --client  as clients see it, for code generators: without the directives of the federation',
    );
  }
}

const asClient = wantsClient();
// Only EXCLUDE_TAGS changes the schema; mistakes in other settings do not matter here.
const reading = readConfig({ EXCLUDE_TAGS: process.env['EXCLUDE_TAGS'] });
if ('mistakes' in reading) fail(...reading.mistakes);
try {
  const typeDefs = excludeTags(readTypeDefs(domains), reading.config.excludeTags);
  process.stdout.write(`${print(asClient ? clientSchema(typeDefs) : typeDefs)}\n`);
} catch (error) {
  if (!(error instanceof SettingError)) throw error;
  fail(error.message);
}
