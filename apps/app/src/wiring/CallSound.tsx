import { useDevices, useParley } from '@parley/react';
import { useEffect } from 'react';
import { createSpeakers } from '../media/speakers';
import { onSoundRetry, setSoundBlocked } from './blockedSound';

/**
 * Plays everybody with whom one is in a call, whatever page is looked at. It follows the client and not what is drawn: what is heard does not
 * wait for a page.
 */
export function CallSound() {
  const client = useParley();
  const devices = useDevices();
  useEffect(() => {
    const speakers = createSpeakers({
      blocked: () => setSoundBlocked(true),
      playing: () => setSoundBlocked(false),
      outputRefused: () => devices.outputRefused('speaker'),
    });
    const look = () => {
      const people = client.snapshot().active?.people ?? [];
      if (people.length === 0) setSoundBlocked(false);
      speakers.show(people, devices.snapshot().speaker.chosen);
    };
    look();
    const offs = [client.subscribe(look), devices.subscribe(look), onSoundRetry(() => speakers.retry())];
    return () => {
      for (const off of offs) off();
      speakers.stop();
    };
  }, [client, devices]);
  return null;
}
