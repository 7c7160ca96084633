/** What the client of `turn-client.ts` asks a relay for. */
export type Plan = {
  server: string;
  port: number;
  tls?: boolean;
  /** Of the relay's address: 4 unless said. */
  family?: 4 | 6;
  username: string;
  credential: string;
  /** For each of them a permission and a channel are asked for, and something is sent whatever the answer. */
  peers?: string[];
  /** A peer that sends back what it gets over UDP. */
  echo?: { address: string; port: number };
};

/** The codes of the answers (RFC 8656 §18.8), 0 for success. */
export type Asked = {
  allocation: number;
  permissions: Record<string, number>;
  channels: Record<string, number>;
  /** Null where it was not tried. */
  echoed: boolean | null;
};
