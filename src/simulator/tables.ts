import { developmentToken, refusedTokens } from './tokens.ts';
import { unknownId, worldIds } from './world.ts';
import type { GatewayOutcome, Sentence } from './world.ts';

const words = {
  id: { en: 'ID', zh: '会议 ID' },
  token: { en: 'Token', zh: 'token' },
  simulator: { en: 'What the simulator does', zh: '模拟器的行为' },
  gateway: { en: 'What the gateway gives', zh: '网关的返回' },
  otherIds: { en: 'any other', zh: '其他任意 ID' },
  otherTokens: { en: 'any other of printable ASCII', zh: '其他任意可打印 ASCII 字符' },
  accepted: { en: 'Accepted.', zh: '接受。' },
  byId: { en: 'what the ID gives', zh: '取决于会议 ID' },
  null: { en: '`null`, and no error', zh: '`null`，没有错误' },
  afterwards: { en: ', then ', zh: '，随后为 ' },
  besides: { en: ', and ', zh: '，并有 ' },
  at: { en: ' at ', zh: '，位于 ' },
  mapped: { en: '; with ', zh: '；设置 ' },
  it: { en: ': ', zh: ' 后为 ' },
} satisfies Record<string, Sentence>;

type Language = keyof Sentence;

function outcome(gateway: GatewayOutcome, language: Language): string {
  switch (gateway.kind) {
    case 'conference':
      return gateway.statuses.map((status) => `\`${status}\``).join(words.afterwards[language]);
    case 'invalid-field':
      return `\`${gateway.status}\`${words.besides[language]}\`UPSTREAM_INVALID_FIELD\`${words.at[language]}\`${gateway.field}\``;
    case 'null':
      return words.null[language];
    case 'error': {
      const { code, mappable } = gateway;
      if (mappable === undefined) return `\`${code}\``;
      const setting = `UPSTREAM_STATUS_CODES=${mappable.status}=${mappable.code}`;
      return `\`${code}\`${words.mapped[language]}\`${setting}\`${words.it[language]}\`${mappable.code}\``;
    }
    default:
      return gateway satisfies never;
  }
}

function table(...rows: readonly (readonly [string, string, string])[]): string {
  const [head, ...body] = rows.map((cells) => `| ${cells.join(' | ')} |`);
  return [head, '| --- | --- | --- |', ...body].join('\n');
}

function idTable(language: Language): string {
  return table(
    [words.id[language], words.simulator[language], words.gateway[language]],
    ...worldIds.map(
      ({ id, about, gateway }) => [`\`${id}\``, about[language], outcome(gateway, language)] as const,
    ),
    [words.otherIds[language], unknownId.about[language], outcome(unknownId.gateway, language)],
  );
}

function tokenTable(language: Language): string {
  return table(
    [words.token[language], words.simulator[language], words.gateway[language]],
    [`\`${developmentToken}\``, words.accepted[language], words.byId[language]],
    ...refusedTokens.map(
      ({ token, about, gateway }) => [`\`${token}\``, about[language], outcome(gateway, language)] as const,
    ),
    [words.otherTokens[language], words.accepted[language], words.byId[language]],
  );
}

/** The generated part of docs/simulator.md: the IDs of `world.ts` and the tokens of `tokens.ts`, in English and then in Chinese. */
export function worldTables(): string {
  return [
    '## IDs',
    idTable('en'),
    '## Tokens',
    tokenTable('en'),
    '## 会议 ID（中文）',
    idTable('zh'),
    '## token（中文）',
    tokenTable('zh'),
  ].join('\n\n');
}
