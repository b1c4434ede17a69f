import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AuditOverloadedError } from '../../src/errors.ts';
import { GapLedger } from '../../src/record/gap-ledger.ts';

describe('the ledger of gaps', () => {
  it('counts by tenant, from the first to the last, by the code of the error', () => {
    const ledger = new GapLedger();
    ledger.count('a', new AuditOverloadedError(1), 20);
    ledger.count('a', new AuditOverloadedError(1), 10);
    ledger.count('a', new Error('disk'), 30);
    ledger.count('b', undefined, 5);
    expect(ledger.take()).toEqual([
      { tenant: 'a', dropped: 3, fromMs: 10, toMs: 30, reasons: { ERR_AUDIT_OVERLOADED: 2, ERR_OTHER: 1 } },
      { tenant: 'b', dropped: 1, fromMs: 5, toMs: 5, reasons: { ERR_OTHER: 1 } },
    ]);
    expect(ledger.total).toBe(4);
  });

  it('tells codes of this package only: others may be anything', () => {
    const ledger = new GapLedger();
    for (const code of ['pa55word', 7, null, 'err_audit_x']) ledger.count('a', { code }, 0);
    expect(ledger.take()[0]?.reasons).toEqual({ ERR_OTHER: 4 });
  });

  it('is empty once it was taken, until something is added', () => {
    const ledger = new GapLedger();
    expect(ledger.pending).toBe(false);
    ledger.count('a', undefined, 0);
    expect(ledger.pending).toBe(true);
    const [gap] = ledger.take();
    expect(ledger.pending).toBe(false);
    if (gap !== undefined) ledger.add(gap);
    expect(ledger.take()).toEqual([gap]);
  });

  it('loses and invents nothing, however often it is taken and given back', () => {
    const step = fc.oneof(
      fc.record({ tenant: fc.constantFrom('a', 'b'), atMs: fc.nat(100) }),
      fc.constantFrom('fail' as const, 'write' as const),
    );
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const ledger = new GapLedger();
        let counted = 0;
        let written = 0;
        for (const one of steps) {
          if (typeof one === 'object') {
            ledger.count(one.tenant, undefined, one.atMs);
            counted++;
            continue;
          }
          for (const gap of ledger.take()) {
            expect(gap.fromMs).toBeLessThanOrEqual(gap.toMs);
            if (one === 'fail') ledger.add(gap);
            else written += gap.dropped;
          }
        }
        const left = ledger.take().reduce((sum, gap) => sum + gap.dropped, 0);
        expect(written + left).toBe(counted);
        expect(ledger.total).toBe(counted);
      }),
    );
  });
});
