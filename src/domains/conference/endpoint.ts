import type { Endpoint } from '../../upstream/endpoint.ts';
import { conferenceDrift } from './drift.ts';

/** The record of one conference. The contract has no batch form: one request asks for one. */
export const conferenceInfo: Endpoint = {
  name: 'conference',
  path: '/confopenapi/admin/dashboard/conference/info',
  idField: 'tempConferenceId',
  longFields: ['eventId', 'hostId', 'hostOrgId', 'startTime', 'stopTime'],
  driftOf: conferenceDrift,
};
