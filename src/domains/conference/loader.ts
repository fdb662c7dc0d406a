import type { GatewayContext } from '../../graphql/context.ts';
import type { Loaded } from '../../graphql/operation.ts';
import { conferenceInfo } from './endpoint.ts';
import { ConferenceView } from './view.ts';

/**
 * One conference, asked once in an operation.
 *
 * @returns null when the upstream says that all is well and gives no record. Rejects with a GraphQLError of the closed set.
 */
export function loadConference(
  tempConferenceId: unknown,
  { operation }: GatewayContext,
): Promise<ConferenceView | null> {
  return operation.load(conferenceInfo, tempConferenceId).then(viewOf);
}

const viewOf = (loaded: Loaded): ConferenceView | null =>
  loaded.record && new ConferenceView(loaded, loaded.record);
