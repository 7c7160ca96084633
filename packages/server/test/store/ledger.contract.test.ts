import { randomUUID } from 'node:crypto';
import { MemoryLedger } from '@parley/testing/simulator';
import { describe } from 'vitest';
import { onPostgres, openTestPGlite, openTestPostgres } from '../support/databases.ts';
import { registerLedgerSuite } from '../support/ledger-suite.ts';

describe('the ledger on PGlite', () => {
  registerLedgerSuite(openTestPGlite, { parallel: false });
});

onPostgres('the ledger on Postgres', () => {
  registerLedgerSuite(openTestPostgres, { parallel: true });
});

describe("the simulator's ledger", () => {
  const open = async () => {
    const pause = () => new Promise<void>((resolve) => setImmediate(resolve));
    const ledger = new MemoryLedger({ now: Date.now, uuid: randomUUID, pause });
    return { db: ledger.connect(), close: async () => undefined };
  };
  registerLedgerSuite(open, { parallel: true });
});
