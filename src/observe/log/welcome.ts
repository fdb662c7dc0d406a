import type { GatewayEvent } from '../events.ts';

/** The text that a developer sees in the terminal after the start. */
export function welcome({
  url,
  upstream,
  graphiql,
  introspection,
  metrics,
  hints,
}: Extract<GatewayEvent, { event: 'started' }>): string {
  const onOff = (on: boolean) => (on ? 'on' : 'off');
  return [
    '',
    `  GraphQL        ${url}`,
    `  GraphiQL       ${graphiql ? `${url} in a browser` : 'off (GRAPHIQL=true)'}`,
    `  Introspection  ${onOff(introspection)}`,
    `  Upstream       ${upstream}`,
    ...(metrics ? [`  Metrics        ${metrics}`] : []),
    ...hints.map((hint, at) => `  ${(at === 0 ? 'To try' : '').padEnd(15)}${hint}`),
    '',
    '',
  ].join('\n');
}
