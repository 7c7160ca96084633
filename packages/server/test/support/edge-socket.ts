import { randomUUID } from 'node:crypto';
import type { EdgeStage } from './edge-stage.ts';
import { MemorySocket } from './memory-socket.ts';

/** A socket of the stage's own hub that has been welcomed. */
export async function openSocket(stage: EdgeStage, token: string): Promise<MemorySocket> {
  const socket = new MemorySocket();
  socket.attach(stage.hub.connect(socket));
  socket.say({ t: 'hello', v: 1, token, deviceId: randomUUID(), instanceId: randomUUID() });
  await socket.next('welcome');
  return socket;
}
