import { subscribe } from 'node:diagnostics_channel';

// Preloaded into a process of the gateway: sends it a SIGTERM when it is about to listen.
subscribe('tracing:net.server.listen:asyncStart', () => process.kill(process.pid, 'SIGTERM'));
