/** A body that fits a command upon a call; people are named by `userId`. */
export function bodyOf(name: string, userId = '00000000-0000-4000-8000-000000000001'): unknown {
  switch (name) {
    case 'media-state':
      return { isMuted: true, videoEnabled: false };
    case 'media-plan':
      return { reason: 'no_direct_path', epoch: 1 };
    case 'invite':
      return { userIds: [userId] };
    case 'remove':
    case 'mute':
    case 'host':
      return { userId };
    case 'lock':
      return { locked: true };
    case 'hand':
      return { raised: true };
    case 'hold':
      return { onHold: true };
    default:
      return {};
  }
}
