// The parts of undici that the gateway uses. The package's index also loads fetch, WebSocket, caches and more: 1 MB to parse at each start.
// This is JavaScript, because these files of undici have no types.
export { default as Client } from 'undici/lib/dispatcher/client.js';
export { default as errors } from 'undici/lib/core/errors.js';
