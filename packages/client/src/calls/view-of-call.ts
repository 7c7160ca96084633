import { isLiveStatus } from '@parley/domain';
import type { Call, CallView } from '@parley/protocol';
import type { Self } from './state.ts';

/**
 * What can be told of a call from a REST answer. @param seated this instance's own command has just given it the seat.
 */
export function viewOfCall(call: Call, self: Self, seated: boolean): CallView {
  const live = isLiveStatus(call.status);
  return {
    call,
    ringExpiresAt: null,
    membershipEpoch: 1,
    seats: live && seated ? [{ userId: self.user.id, deviceId: self.deviceId, instanceId: self.instanceId }] : [],
  };
}
