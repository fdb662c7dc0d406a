// The least that a server for Node can be: how soon it answers is the floor of every start.
import { createServer } from 'node:http';
import { port } from './settings.ts';

createServer((_request, response) => {
  response.end('{"data":{"conference":{"counters":{"voipConnections":10}}}}');
}).listen(port, '127.0.0.1');
