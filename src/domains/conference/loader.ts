import type { GatewayContext } from '../../graphql/context.ts';
import { conferenceInfo } from './endpoint.ts';
import type { ConferenceAnswer } from './record.ts';

/**
 * One conference, asked once in an operation.
 *
 * @returns null when the upstream says that all is well and gives no record.
 * @throws (rejects with) a GraphQLError of the closed set.
 */
export async function loadConference(
  tempConferenceId: unknown,
  { operation }: GatewayContext,
): Promise<ConferenceAnswer | null> {
  const { id, record, timestamp, answered } = await operation.load(conferenceInfo, tempConferenceId);
  return record && { tempConferenceId: id, record, timestamp, answered };
}
