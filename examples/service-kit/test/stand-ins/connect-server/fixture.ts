import { onTestFinished } from 'vitest';
import { startConnectServer, type ItemInput } from '@holdfast/example-service-kit';

export const READER = 'reader-token-0815';
export const WRITER = 'writer-token-4711';

export const AN_ITEM: Omit<ItemInput, 'favorite' | 'title'> = {
  category: 'DATABASE',
  tags: ['postgres', 'live'],
  urls: [{ href: 'https://db.example', primary: true }],
  sections: [{ id: 'admin', label: 'Admin' }],
  fields: [
    { id: 'username', type: 'STRING', purpose: 'USERNAME', label: 'username', value: 'orders' },
    { id: 'password', type: 'CONCEALED', purpose: 'PASSWORD', label: 'password', value: 'hunter2' },
    {
      id: 'otp',
      type: 'OTP',
      label: 'one-time password',
      value: 'otpauth://totp/x?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ',
    },
    { id: 'port', type: 'STRING', label: 'port', value: '5432', section: { id: 'admin' } },
  ],
};

/** A server with two vaults; the reader sees the first one, the writer both. */
export async function connectFixture() {
  const live: string[] = [];
  const server = await startConnectServer({
    tokens: [
      { token: READER, vaults: live },
      { token: WRITER, writes: true },
    ],
    now: () => 59_000,
  });
  onTestFinished(() => server.close());
  const { store } = server;
  const [vault, hidden] = [store.addVault('prod'), store.addVault('hidden')];
  live.push(vault);
  const item = store.putItem(vault, { ...AN_ITEM, title: 'orders db', favorite: false }).id;
  const file = store.addFile(vault, item, 'ca.pem', Buffer.from('-----BEGIN'));
  return { server, vault, hidden, item, file };
}
