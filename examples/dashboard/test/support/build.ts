import { buildPage } from '../../server/build.ts';

/** Builds the page once for all tests: as for production, and as `npm start` does on the simulator. */
export async function globalSetup(): Promise<void> {
  await buildPage({}, 'dist-production');
  await buildPage({ VITE_SIMULATOR_TOKEN: 'dev-token' }, 'dist-simulator');
}
