import { createEndpoint } from '../../upstream/endpoint.ts';
import { conferenceContract } from './contract.ts';
import { conferenceStatus } from './status.ts';

/** The record of one conference. The contract has no batch request: one call per ID. */
export const conferenceInfo = createEndpoint({
  name: 'conference',
  path: '/confopenapi/admin/dashboard/conference/info',
  idField: 'tempConferenceId',
  record: conferenceContract,
  selfMovingFields: ['confDuration'],
  isOver: ({ status }) => conferenceStatus(status) === 'ENDED',
});
