import { print } from 'graphql';
import { readConfig } from '../settings/config.ts';
import { domains } from '../gateway.ts';
import { excludeTags } from '../graphql/schema/exclude-tags.ts';
import { readTypeDefs } from '../graphql/schema/schema.ts';
import { SettingError } from '../base/setting-error.ts';

function fail(...lines: readonly string[]): never {
  console.error(lines.join('\n'));
  process.exit(1);
}

// Nothing else of the gateway's environment says what its schema is.
const reading = readConfig({ EXCLUDE_TAGS: process.env['EXCLUDE_TAGS'] });
if ('mistakes' in reading) fail(...reading.mistakes);
try {
  process.stdout.write(`${print(excludeTags(readTypeDefs(domains), reading.config.excludeTags))}\n`);
} catch (error) {
  if (!(error instanceof SettingError)) throw error;
  fail(error.message);
}
