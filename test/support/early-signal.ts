import { subscribe } from 'node:diagnostics_channel';

// Preloaded into a process of the gateway. Sends it a SIGTERM just before it listens.
subscribe('tracing:net.server.listen:asyncStart', () => process.kill(process.pid, 'SIGTERM'));
