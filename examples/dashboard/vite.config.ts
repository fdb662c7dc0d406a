import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { contentSecurityPolicy } from './server/content-security-policy.ts';

/** Writes the policy into the page, so that it holds whatever serves the files. Not in development, whose reloading needs more. */
const withPolicy = (gatewayUrl: string | undefined): Plugin => ({
  name: 'content-security-policy',
  apply: 'build',
  transformIndexHtml: () => [
    {
      tag: 'meta',
      attrs: { 'http-equiv': 'Content-Security-Policy', content: contentSecurityPolicy(gatewayUrl) },
      injectTo: 'head-prepend',
    },
  ],
});

export default defineConfig({
  // Relative, so that the page can be served below any path.
  base: './',
  plugins: [react(), withPolicy(process.env['VITE_GATEWAY_URL'])],
  build: { assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  server: { proxy: { '/graphql': process.env['GATEWAY_URL'] ?? 'http://127.0.0.1:4000' } },
});
