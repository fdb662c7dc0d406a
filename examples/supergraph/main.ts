import { firstQuery, portsFrom, startSupergraph } from './supergraph.ts';

const { PORT = '4100', ...env } = process.env;
const supergraph = await startSupergraph({ ports: portsFrom(Number(PORT)), env });
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void supergraph.close());

console.log(`
  The graph  ${supergraph.url}, with GraphiQL in a browser
  Header     token: dev-token
  To try
${firstQuery.replaceAll(/^/gm, '    ')}
`);
