/** Who can do something about an error. */
export type ErrorCategory = 'user' | 'network' | 'permission' | 'bug';

/**
 * Why a command was refused: stable codes, shared by server and clients. Only the user interface puts them into words.
 */
export const REFUSALS = {
  call_ended: 'The call has ended.',
  answered_elsewhere: 'The call was answered on another device.',
  own_call: 'A call cannot be accepted or declined by the person who made it.',
  not_initiator: 'Only the person who made the call can cancel it.',
  not_ringing: 'The call no longer rings.',
  not_in_call: 'The person does not take part in this call.',
  not_accepted: 'The call has not been accepted yet.',
  other_device: 'Another device of this person takes part in the call.',
  not_allowed: 'This person may not do that in this call.',
  removed_from_call: 'The person was removed from this call.',
  call_locked: 'The call is locked: nobody new comes in.',
  call_full: 'There is no more room in this call.',
  not_due: 'The deadline has not passed yet.',
} as const;
export type RefusalCode = keyof typeof REFUSALS;
