import { conference } from '../domains/conference/conference.ts';
import type { Domain } from '../graphql/domain.ts';

/** The domains that the gateway serves. A second endpoint is one folder, one schema file and one name here. */
export const domains: readonly Domain[] = [conference];
