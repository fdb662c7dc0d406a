import type { ContractType } from '../../upstream/contract.ts';
import type { Finding, JsonType } from './findings.ts';
import type { Purpose } from './interview.ts';

/** Every text that is printed, in one language. */
export interface Words {
  readonly columns: readonly [field: string, received: string, schema: string, deviation: string];
  readonly types: Readonly<Record<JsonType | ContractType, string>>;
  readonly absent: string;
  readonly masked: string;
  readonly purposes: Readonly<Record<Purpose, string>>;
  readonly unexpected: Readonly<Record<Purpose, string>>;
  readonly noUsableAnswer: string;
  readonly noRecord: string;
  readonly record: string;
  readonly statuses: string;
  readonly mapping: string;
  readonly noMapping: string;
  readonly ambiguous: (status: number) => string;
  readonly times: (count: number, min: string, median: string, max: string) => string;
  readonly fits: string;
  readonly differs: (count: number) => string;
  readonly finding: (finding: Finding) => string;
  readonly usage: string;
  readonly noUpstream: string;
  readonly noToken: string;
  readonly unusableToken: string;
  readonly tokenAsArgument: string;
  readonly askToken: string;
}

/** The language of the POSIX locale: Chinese for `zh…`, otherwise English. */
export function languageOf(env: Readonly<Record<string, string | undefined>>): 'en' | 'zh' {
  const locale = env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || '';
  return /^zh(?:[_.@-]|$)/i.test(locale) ? 'zh' : 'en';
}
