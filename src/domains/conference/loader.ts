import type { GatewayContext } from '../../graphql/context.ts';
import type { Answer } from '../../upstream/answer/answer.ts';
import { conferenceInfo } from './endpoint.ts';
import { ConferenceView } from './view.ts';

/**
 * Loads one conference, once per operation.
 *
 * @returns null if the upstream reports success without a record. Rejects with a GraphQLError that has one of the codes of `errorCodes`.
 */
export function loadConference(
  tempConferenceId: unknown,
  { operation }: GatewayContext,
): Promise<ConferenceView | null> {
  return operation.load(conferenceInfo, tempConferenceId).then(viewOf);
}

const viewOf = (answer: Answer) => answer.viewAs(ConferenceView);
