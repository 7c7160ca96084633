import { setAudioModeAsync } from 'expo-audio';

/**
 * One way for all sound of a call: to the ear, or for the room. A headset that is plugged in or paired takes it over by itself on
 * both systems. @param place null as the kind of call would have it
 */
export async function routeSound(place: string | null, video: boolean): Promise<void> {
  const toTheEar = place === null ? !video : place === 'earpiece';
  // `allowsRecording`: on iOS the way to the ear exists only for a session that records, which a call does.
  await setAudioModeAsync({ allowsRecording: true, shouldRouteThroughEarpiece: toTheEar }).catch(() => undefined);
}
