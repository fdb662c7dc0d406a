import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import { runJest } from '@apollo/federation-subgraph-compatibility-tests/dist/testRunner.js';
import { useApolloInlineTrace } from '@graphql-yoga/plugin-apollo-inline-trace';
import { composeServices } from '@theguild/federation-composition';
import { parse } from 'graphql';
import { readConfig } from '../../src/settings/config.ts';
import { type Gateway, startGateway } from '../../src/gateway/gateway.ts';
import { products } from './products.ts';

const inSuite = (path: string) =>
  new URL(import.meta.resolve(`@apollo/federation-subgraph-compatibility-tests/${path}`));

/** The suite's own subgraphs, on their default ports. */
const bundled = [
  { name: 'users', url: 'http://127.0.0.1:4002' },
  { name: 'inventory', url: 'http://127.0.0.1:4003' },
];
/** The port where the suite's tests expect the graph, at the path `/`. */
const graphPort = 4000;

const children: ChildProcess[] = [];
let gateway: Gateway | undefined;
const graph = createServer();
try {
  gateway = await startProducts();
  const productsUrl = new URL('/graphql', gateway.url).href;
  await Promise.all(bundled.map(({ name }) => startBundled(name)));
  await serveGraph(await compose(productsUrl));

  const { assertions, rawResults } = await runJest(productsUrl);
  for (const { fullName, status, failureMessages } of assertions) {
    console.log(status === 'passed' ? '✓' : '✗', fullName, ...failureMessages);
  }
  console.log(`${rawResults.numPassedTests} of ${rawResults.numTotalTests} passed`);
  process.exitCode = rawResults.success && rawResults.numPassedTests === rawResults.numTotalTests ? 0 : 1;
} finally {
  graph.close();
  graph.closeAllConnections();
  for (const child of children) child.kill();
  await gateway?.close();
}

/** Starts the gateway with the suite's schema as its only domain. */
function startProducts(): Promise<Gateway> {
  const reading = readConfig({ PORT: '0' });
  if ('mistakes' in reading) throw new Error(reading.mistakes.join('\n'));
  return startGateway(reading.config, {
    emit: (event) => {
      if (event.event === 'defect') console.error(event);
    },
    domains: [products],
    shared: [],
    plugins: [useApolloInlineTrace()],
  });
}

async function startBundled(name: string): Promise<void> {
  const child = fork(inSuite(`dist/subgraphs/${name}/index.js`), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  children.push(child);
  const ended = once(child, 'exit').then(() => {
    throw new Error(`the subgraph ${name} did not start`);
  });
  await Promise.race([once(child, 'message'), ended]);
}

async function compose(productsUrl: string): Promise<string> {
  const { errors = [], supergraphSdl } = composeServices([
    { name: 'products', url: productsUrl, typeDefs: parse(readFileSync(products.schema, 'utf8')) },
    ...bundled.map(({ name, url }) => ({
      name,
      url,
      typeDefs: parse(readFileSync(inSuite(`dist/subgraphs/${name}/${name}.graphql`), 'utf8')),
    })),
  ]);
  if (!supergraphSdl) throw new Error(errors.map(({ message }) => message).join('\n'));
  return supergraphSdl;
}

async function serveGraph(supergraph: string): Promise<void> {
  graph.on('request', createGatewayRuntime({ supergraph, graphqlEndpoint: '/', logging: 'warn' }));
  graph.listen(graphPort);
  await once(graph, 'listening');
}
