/** Bounds of a socket; SPEC.md of the protocol says them to clients. Times in milliseconds. */
export const BOUNDS = {
  /** From the connection to the hello. */
  helloMs: 10_000,
  /** Frames in a row that were no messages. */
  badFrames: 3,
  messagesPerSecond: 30,
  messageBurst: 200,
  /** So long over the rate, and the socket is closed. */
  floodMs: 3_000,
  /** Bytes that may wait for a slow reader. */
  sendBuffer: 1_048_576,
  /** Messages of one socket that may wait for the database. */
  lane: 100,
  /** From so many people on a call's changes are told together, after the first of them so often. */
  severalInCall: 9,
  bigCallMs: 300,
  /** And no more often than this for each who hears it: what a call costs in messages a second does not grow with it. */
  togetherMsEach: 1,
  /** To more listeners of a team than this, who comes and goes is told together, so often. */
  toldAtOnce: 50,
  presenceMs: 300,
  /** Most people of one message about presence. */
  presencePeople: 500,
  /** Reactions of one socket in so many milliseconds: each goes to everybody in the call. */
  reactions: 10,
  reactionsMs: 5_000,
  /**
   * Sockets that are welcomed at a time: those whom the database is asked for, some dozens by each statement, and as many again who are the
   * next. When everybody comes back at once, all of them served together would all be served too late, and come again.
   */
  welcomesAtOnce: 192,
  topics: 200,
  socketsPerPerson: 32,
  /** A reload is no absence. */
  presenceGraceMs: 3_000,
} as const;
