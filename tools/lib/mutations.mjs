/** @typedef {{ name: string, what: string, file: string, from: string, to: string }} Mutation `from` stands in the file exactly once. */

const ledger = 'packages/testing/src/simulator/ledger';
const server = 'packages/server/src';
const domain = 'packages/domain/src';
const client = 'packages/client/src';

/**
 * Deliberate mistakes. Those in the simulator's ledger stand for the same mistake in the SQL functions, which the contract suite
 * holds against it.
 * @type {readonly Mutation[]}
 */
export const MUTATIONS = [
  {
    name: 'lost-call-lock',
    what: 'a command reads the call without its row lock',
    file: `${ledger}/commands.ts`,
    from: "  await tx.lock(calls, callId, 'no key update');\n  await tx.step();\n  const now",
    to: '  await tx.step();\n  const now',
  },
  {
    name: 'lost-slot-locks',
    what: 'a create does not hold its people',
    file: `${ledger}/create.ts`,
    from: "  for (const person of people) await tx.lock(slots, person, 'update');\n",
    to: '',
  },
  {
    name: 'lost-sweeper-lock',
    what: 'the sweeper takes a call that another transaction holds',
    file: `${ledger}/commands.ts`,
    from: "tx.tryLock(calls, row.id, 'no key update')",
    to: 'row.id !== null',
  },
  {
    name: 'lost-pair',
    what: 'a create does not look for the live call of the pair',
    file: `${ledger}/create.ts`,
    from: '    : tx.scan(calls, (s) => s.pairLow === low && s.pairHigh === high && LIVE.has(s.status));',
    to: '    : tx.scan(calls, (s) => s.pairLow === high && s.pairHigh === low && LIVE.has(s.status));',
  },
  {
    name: 'wrong-ring-deadline',
    what: 'a ring that has run out goes on for a minute',
    file: `${domain}/deadlines.ts`,
    from: '  if (ring !== null && now >= ring)',
    to: '  if (ring !== null && now >= ring + 60_000)',
  },
  {
    name: 'wrong-connect-deadline',
    what: 'a call without media is given up ten minutes late',
    file: `${domain}/deadlines.ts`,
    from: 'now >= call.connectExpiresAt;',
    to: 'now >= call.connectExpiresAt + 600_000;',
  },
  {
    name: 'wrong-duration',
    what: 'the duration counts from the tap',
    file: `${domain}/call.ts`,
    from: '(call.endedAt - call.connectedAt) / 1000',
    to: '(call.endedAt - call.createdAt) / 1000',
  },
  {
    name: 'lost-key',
    what: 'an idempotency key is not kept',
    file: `${server}/usecases/run-command.ts`,
    from: '      key: next === null ||',
    to: '      key: next !== null ||',
  },
  {
    name: 'key-of-answered-create',
    what: 'a create that found a call answered elsewhere keeps no key (found by the simulator)',
    file: `${server}/usecases/run-command.ts`,
    from: "  event.type === 'accepted' && event.data.via === 'glare' && code === 'answered_elsewhere';",
    to: "  event.type === 'accepted' && event.data.via === 'accept' && code === 'answered_elsewhere';",
  },
  {
    name: 'unsaid-end',
    what: 'nothing is published of what the sweeper has ended',
    file: `${server}/usecases/settle.ts`,
    from: '      if (settled) {\n        announce(deps, settled);\n',
    to: '      if (settled) {\n',
  },
  {
    name: 'unsaid-inbox',
    what: 'new entries of the inbox are not published',
    file: `${server}/usecases/announce.ts`,
    from: '    for (const { userId, item } of notifications) publisher.inbox(userId, item);\n',
    to: '',
  },
  {
    name: 'unsaid-rings',
    what: 'rings are not published',
    file: `${server}/usecases/announce.ts`,
    from: '    for (const { userId, deviceId, ring } of rings) publisher.ring(userId, deviceId, ring);\n',
    to: '',
  },
  {
    name: 'no-leases',
    what: 'nobody drops whose lease has run out',
    file: `${server}/usecases/due.ts`,
    from: 'if (isLive(progress.call)) due({',
    to: 'if (!isLive(progress.call)) due({',
  },
  {
    name: 'no-sweep',
    what: 'the sweeper beats and settles nothing',
    file: `${server}/usecases/sweep.ts`,
    from: 'if ((await calls.settle()) === 0) break;',
    to: 'break;',
  },
  {
    name: 'unheard-pong',
    what: 'the answer to a ping renews no lease',
    file: `${server}/realtime/heartbeat.ts`,
    from: '    if (this.#deps.live.holdsSeat(session.actor)) this.#sign(session.actor);\n',
    to: '',
  },
  {
    name: 'ghost-of-a-mesh',
    what: 'media of anybody keeps everybody of a mesh (found by the simulator)',
    file: `${server}/realtime/heartbeat.ts`,
    from: '    if (view.seats.length !== 2) return;\n',
    to: '',
  },
  {
    name: 'wrong-reason',
    what: 'everybody is told that it was a hang-up',
    file: `${server}/store/call-view.ts`,
    from: '    endReason: isLive(call) ? null : call.endReason,',
    to: "    endReason: isLive(call) ? null : 'hangup',",
  },
  {
    name: 'unwritten-column',
    what: 'who has muted themselves is not written into the rows',
    file: `${server}/store/calls.ts`,
    from: '  isMuted: p.isMuted,',
    to: '  isMuted: false,',
  },
  {
    name: 'unwritten-people',
    what: 'only the first of the people who changed is written',
    file: `${server}/store/calls.ts`,
    from: '      .map(({ p, position }) => toParticipantRow(p, position)),',
    to: '      .slice(0, 1)\n      .map(({ p, position }) => toParticipantRow(p, position)),',
  },
  {
    name: 'welcome-without-ends',
    what: 'a welcome does not say which calls have ended meanwhile',
    file: `${server}/store/welcome.ts`,
    from: 'ended: welcome.named.map(toStoredCall).filter(({ call }) => !isLive(call)),',
    to: 'ended: welcome.named.map(toStoredCall).filter(({ call }) => isLive(call)),',
  },
  {
    name: 'old-news',
    what: 'a client takes an older view for a newer one',
    file: `${client}/calls/apply-view.ts`,
    from: '  if (newer !== 0) return newer > 0;',
    to: '  if (newer !== 0) return true;',
  },
  {
    name: 'kept-ring',
    what: 'a ring is shown for a minute after its time',
    file: `${client}/calls/change.ts`,
    from: 'RING_GRACE_MS = 3_000',
    to: 'RING_GRACE_MS = 60_000',
  },
  {
    name: 'own-clock',
    what: "a client reckons with its own clock instead of the server's",
    file: `${client}/time/server-time.ts`,
    from: '    return this.#clock.now() + this.#offset;',
    to: '    return this.#clock.now();',
  },
  {
    name: 'unnoticed-silence',
    what: 'a client does not notice that its socket leads nowhere',
    file: `${client}/transport/websocket-transport.ts`,
    from: '      if (this.#wanted) this.#lost(CLOSE.heartbeat);',
    to: '',
  },
  {
    name: 'forgotten-repeat',
    what: 'a command that got no answer is not repeated',
    file: `${client}/commands/command-runner.ts`,
    from: 'if (!isWorthRepeating(last, command.name) ||',
    to: 'if (isWorthRepeating(last, command.name) ||',
  },
  {
    name: 'no-catch-up',
    what: 'nobody reads in the ledger what was not told',
    file: `${server}/usecases/catch-up.ts`,
    from: '    for (const { callId } of missed) await tell(callId);\n',
    to: '',
  },
  {
    name: 'newest-is-all',
    what: 'whoever has heard the newest version counts as told of all before (found by the simulator)',
    file: `${server}/usecases/told-versions.ts`,
    from: '      if (start > told.upTo) break;\n',
    to: '',
  },
  {
    name: 'relay-of-one-node',
    what: 'messages between clients do not cross nodes',
    file: `${server}/realtime/relay.ts`,
    from: '  nodes.fanout.tell(node, { ...told, to: { userId, instanceId } });\n',
    to: '  void [userId, instanceId];\n',
  },
  {
    name: 'unasked-roll',
    what: "a node that misses a change of another one's sockets does not ask for all of them",
    file: `${server}/realtime/roster.ts`,
    from: "    fanout.tell(node, { t: 'roll_call' });\n",
    to: '    void node;\n',
  },
  {
    name: 'deaf-to-nodes',
    what: 'what comes from other nodes is not taken',
    file: `${server}/realtime/node-fanout.ts`,
    from: '        local.deliver(message, envelope.node);\n',
    to: '',
  },
];
