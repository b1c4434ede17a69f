import {
  generateSealingKey,
  generateSigningKey,
  keyRing,
  type BrokerOptions,
} from '@holdfast/credential-broker';
import { describe, expect, it } from 'vitest';
import { aBroker, AGENT, ANN, ask, STRANGER, WORKER, thumbprint } from './rig.ts';

const issuer = 'https://broker.example';
const options = (): Partial<BrokerOptions> => ({
  tokens: { keys: keyRing({ signing: [generateSigningKey()], sealing: [generateSealingKey()] }), issuer },
  isOperator: ({ roles }) => roles?.includes('operator') === true,
});

describe('introspect', () => {
  it.each(['reference', 'sealed'] as const)(
    'says what a grant is good for, to its parties (%s)',
    async (mode) => {
      const { broker } = aBroker({}, options());
      const principal = { ...AGENT, onBehalfOf: 'ann', keyThumbprint: thumbprint('jkt') };
      const grant = await broker.issue(
        ask('vault', {
          principal,
          mode,
          redeemer: WORKER.id,
          keyThumbprint: thumbprint('jkt'),
          audience: 'orders-db',
        }),
      );
      const token = grant.handle ?? grant.token ?? '';
      const told = await broker.introspect(token, WORKER);
      expect(told).toMatchObject({
        active: true,
        iss: issuer,
        aud: 'orders-db',
        sub: 'ann',
        act: { sub: 'agent-7' },
        tid: 'acme',
        rt: 'api',
        rn: 'vault://prod/orders',
        scope: 'read',
        cnf: { jkt: thumbprint('jkt') },
        token_type: 'DPoP',
      });
      expect(told['exp']).toBe(Math.floor(grant.expiresAtMs / 1_000));
      expect(JSON.stringify(told)).not.toContain(token);
      for (const who of [
        AGENT,
        ANN,
        { ...WORKER, id: 'orders-db' },
        { ...WORKER, id: 'x', roles: ['operator'] },
      ]) {
        expect((await broker.introspect(token, who)).active).toBe(true);
      }
    },
  );

  it.each(['reference', 'sealed'] as const)(
    'says of everything else that it is not active, and no more (%s)',
    async (mode) => {
      const { broker, clock } = aBroker({}, options());
      const grant = await broker.issue(ask('vault', { mode }));
      const token = grant.handle ?? grant.token ?? '';
      const nothing = { active: false };
      for (const who of [STRANGER, WORKER, { ...WORKER, tenant: 'evil', roles: ['operator'] }]) {
        expect(await broker.introspect(token, who)).toEqual(nothing);
      }
      for (const made of ['', 'x', `hf_${'A'.repeat(43)}`, `${token}x`, 'eyJ.eyJ.sig', 'x'.repeat(100_000)]) {
        expect(await broker.introspect(made, AGENT)).toEqual(nothing);
      }
      const revoked = await broker.issue(ask('vault', { mode }));
      const { leaseId } = revoked;
      await broker.revoke({ leaseId }, AGENT);
      expect(await broker.introspect(revoked.handle ?? revoked.token ?? '', AGENT)).toEqual(nothing);
      expect((await broker.introspect(token, AGENT)).active).toBe(true);
      await clock.advance(310_000);
      expect(await broker.introspect(token, AGENT)).toEqual(nothing);
    },
  );

  it('of a sealed token ends with its revocation by id', async () => {
    const { broker } = aBroker({}, options());
    const { token = '' } = await broker.issue(ask('vault', { mode: 'sealed' }));
    const tokenId = String((await broker.introspect(token, AGENT))['jti']);
    expect(await broker.revoke({ tokenId }, STRANGER)).toBe(0);
    expect(await broker.revoke({ tokenId }, AGENT)).toBe(1);
    expect(await broker.introspect(token, AGENT)).toEqual({ active: false });
  });
});
