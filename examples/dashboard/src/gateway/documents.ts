import { graphql } from '../generated/gql.ts';
import { trusted } from './trusted-documents.ts';

/** All that a card shows without being asked. No personal data and no password: those come on demand, by documents of their own. */
export const watchConferences = trusted(
  graphql(`
    subscription WatchConferences($ids: [ID!]!) {
      conferences(tempConferenceIds: $ids) {
        tempConferenceId
        title
        status
        statusCode
        startTime
        stopTime
        durationSeconds
        isSecure
        isRecorded
        dataCenter
        host {
          user {
            id
          }
        }
        counters {
          attendees
          voipConnections
          pstnConnections
          videoShares
          screenShares
          mcuAttendees
          boxAttendees
          rawAttendees
          rawPstnAttendees
        }
        observedAt
      }
    }
  `),
);

/** The host's personal data, asked for when somebody wants to see them. */
export const hostDetails = trusted(
  graphql(`
    query HostDetails($id: ID!) {
      conference(tempConferenceId: $id) {
        status
        host {
          name
          email
          mobile
          ip
          location
        }
      }
    }
  `),
);

/** A credential: asked for when somebody wants to see it, and kept nowhere. */
export const participantPassword = trusted(
  graphql(`
    query ParticipantPassword($id: ID!) {
      conference(tempConferenceId: $id) {
        status
        participantPassword
      }
    }
  `),
);
